from django.urls import path

from koor.growth.insight import views

app_name = "insight"
urlpatterns = [
    path("insight/", views.month, name="month"),
    path("insight/<int:year>/<int:number>/", views.month, name="of"),
    path("insight/<int:year>/<int:number>/posts/", views.posts, name="posts"),
    path("insight/<int:year>/<int:number>/followed/", views.followed, name="followed"),
    path("insight/<int:year>/<int:number>/answers/", views.answers, name="answers"),
    path("insight/<int:year>/<int:number>/helped/", views.helped, name="helped"),
    path("insight/service/", views.service, name="service"),
    path("insight/picture/", views.picture, name="picture"),
    path("insight/picture/<int:year>/<int:number>/", views.picture, name="picture_of"),
]
