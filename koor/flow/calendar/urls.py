from django.urls import path

from koor.flow.calendar import views

app_name = "calendar"
urlpatterns = [
    path("calendar/", views.month, name="month"),
    path("calendar/<int:year>/<int:number>/", views.month, name="of"),
    path("calendar/week/", views.week, name="week"),
    path("calendar/week/<str:day>/", views.week, name="week_of"),
    path("calendar/slots/add/", views.add_slot, name="add_slot"),
    path("calendar/slots/<int:pk>/", views.slot, name="slot"),
    path("calendar/slots/<int:pk>/edit/", views.edit_slot, name="edit_slot"),
    path("calendar/slots/<int:pk>/move/", views.move_slot, name="move_slot"),
    path("calendar/slots/<int:pk>/take/", views.take_slot, name="take_slot"),
    path("calendar/slots/<int:pk>/drop/", views.drop_slot, name="drop_slot"),
    path("calendar/slots/<int:pk>/restore/", views.restore_slot, name="restore_slot"),
    path("calendar/agreements/", views.agreements, name="agreements"),
    path("calendar/agreements/propose/", views.propose_agreement, name="propose"),
    path("calendar/agreements/<int:pk>/", views.agreement, name="agreement"),
    path("calendar/agreements/<int:pk>/agree/", views.agree, name="agree"),
    path("calendar/agreements/<int:pk>/end/", views.end_agreement, name="end_agreement"),
    path("calendar/campaigns/add/", views.add_campaign, name="add_campaign"),
]
