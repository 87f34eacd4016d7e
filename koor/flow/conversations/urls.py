from django.urls import path

from koor.flow.conversations import views

app_name = "conversations"
urlpatterns = [
    path("talk/", views.talk, name="talk"),
    path("talk/new/", views.begin, name="begin"),
    path("talk/<int:pk>/", views.talk_one, name="talk_one"),
    path("talk/live/", views.live, name="live"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:pk>/", views.inbox_one, name="inbox_one"),
    path("conversations/<int:pk>/answer/", views.answer, name="answer"),
    path("conversations/<int:pk>/note/", views.note, name="note"),
    path("conversations/<int:pk>/by-hand/", views.by_hand, name="by_hand"),
    path("conversations/<int:pk>/wish/", views.wish, name="wish"),
    path("conversations/<int:pk>/known/", views.known, name="known"),
    path("conversations/<int:pk>/who/", views.name_person, name="name_person"),
    path("conversations/<int:pk>/assign/", views.assign, name="assign"),
    path("conversations/<int:pk>/take/", views.take, name="take"),
    path("conversations/<int:pk>/not-for-me/", views.not_for_me, name="not_for_me"),
    path("conversations/<int:pk>/later/", views.snooze, name="snooze"),
    path("conversations/<int:pk>/done/", views.finish, name="finish"),
    path("conversations/<int:pk>/open-again/", views.reopen, name="reopen"),
    path("conversations/messages/<int:pk>/sent/", views.handed, name="handed"),
    path("conversations/messages/<int:pk>/change/", views.change, name="change"),
    path("conversations/of-mention/<int:pk>/", views.of_mention, name="of_mention"),
    path("talk/lines/", views.lines, name="lines"),
    path("talk/lines/open/", views.open_line, name="open_line"),
    path("talk/lines/<int:pk>/", views.line, name="line"),
    path("talk/lines/<int:pk>/link/", views.new_line_link, name="new_line_link"),
    path("talk/lines/<int:pk>/close/", views.close_line, name="close_line"),
    path("line/<str:token>/", views.at_line, name="at_line"),
]
