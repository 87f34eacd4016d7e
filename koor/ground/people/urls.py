from django.urls import path

from koor.ground.people.views import colleagues, invitations, managing, me, provider

app_name = "people"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/edit/", me.edit, name="me_edit"),
    path("me/skills/", me.skills, name="me_skills"),
    path("me/skills/<int:id>/withdraw/", me.withdraw_skill, name="me_withdraw_skill"),
    path("me/away/", me.declare_absence, name="me_absence"),
    path("me/keys/", me.keys, name="me_keys"),
    path("me/keys/<int:id>/revoke/", me.revoke_key, name="me_revoke_key"),
    path("colleagues/", colleagues.colleagues, name="colleagues"),
    path("colleagues/<int:id>/", colleagues.colleague, name="colleague"),
    path("colleagues/<int:id>/away/", colleagues.tell_absence, name="tell_absence"),
    path("skills/", colleagues.skills, name="skills"),
    path("away/", colleagues.away, name="away"),
    path("away/<int:id>/", me.change_absence, name="absence"),
    path("away/<int:id>/end/", me.end_absence, name="end_absence"),
    path("manage/colleagues/", managing.manage, name="manage"),
    path("manage/colleagues/<int:id>/", managing.person, name="manage_person"),
    path("manage/colleagues/<int:id>/invite/", invitations.invite_person, name="invite_person"),
    path("manage/colleagues/<int:id>/leave/", managing.let_go, name="let_go"),
    path("manage/colleagues/<int:id>/back/", managing.let_back, name="let_back"),
    path("manage/colleagues/list/", managing.bring_in, name="bring_in"),
    path("manage/colleagues/list/<int:id>/", managing.brought, name="list"),
    path("manage/disciplines/", managing.disciplines, name="disciplines"),
    path("manage/disciplines/<int:id>/", managing.discipline, name="discipline"),
    path("manage/disciplines/<int:id>/remove/", managing.remove_discipline, name="remove_discipline"),
    path("manage/sign-in/", provider.arrange, name="provider"),
    path("manage/sign-in/remove/", provider.remove, name="provider_remove"),
    path("manage/sign-in/forget/", provider.forget, name="provider_forget"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:id>/again/", invitations.invite_again, name="invite_again"),
    path("invitations/<int:id>/withdraw/", invitations.withdraw, name="withdraw_invitation"),
    path("invitation/<str:secret>/", invitations.welcome, name="welcome"),
]
