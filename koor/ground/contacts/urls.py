from django.urls import path

from koor.ground.contacts.views import lists, merging, people, work

app_name = "contacts"
urlpatterns = [
    path("people/", people.people, name="people"),
    path("contacts/", people.contacts, name="contacts"),
    path("contacts/add/", people.add, name="add"),
    path("contacts/doubles/", merging.doubles, name="doubles"),
    path("contacts/doubles/<int:one>/<int:other>/two/", merging.two, name="two_people"),
    path("contacts/handles/<int:id>/confirm/", merging.confirm, name="confirm_handle"),
    path("contacts/list/", lists.bring_in, name="bring_in"),
    path("contacts/list/<int:id>/", lists.brought, name="list"),
    path("contacts/<int:id>/", people.contact, name="contact"),
    path("contacts/<int:id>/edit/", people.edit, name="edit"),
    path("contacts/<int:id>/handles/", people.add_handle, name="add_handle"),
    path("contacts/<int:id>/know/", people.know, name="know"),
    path("contacts/<int:id>/forget/<int:person>/", people.forget, name="forget"),
    path("contacts/<int:id>/introduce/", people.introduce, name="introduce"),
    path("contacts/<int:id>/ties/", people.ties, name="ties"),
    path("contacts/<int:id>/merge/", merging.choose, name="choose"),
    path("contacts/<int:kept>/merge/<int:gone>/", merging.merge, name="merge"),
    path("contacts/handles/<int:id>/remove/", people.remove_handle, name="remove_handle"),
    path("contacts/ties/<int:id>/remove/", people.untie, name="untie"),
    path("contacts/merges/<int:id>/undo/", merging.undo, name="undo_merge"),
    path("organisations/", work.organisations, name="organisations"),
    path("organisations/add/", work.add_organisation, name="add_organisation"),
    path("organisations/<int:id>/", work.organisation, name="organisation"),
    path("organisations/<int:id>/edit/", work.edit_organisation, name="edit_organisation"),
    path("projects/", work.projects, name="projects"),
    path("projects/add/", work.add_project, name="add_project"),
    path("projects/<int:id>/", work.project, name="project"),
    path("projects/<int:id>/edit/", work.edit_project, name="edit_project"),
    path("projects/<int:id>/join/", work.join, name="join"),
    path("projects/<int:id>/leave/<int:person>/", work.leave, name="leave"),
]
