"""Addresses of publishing: posts inside the house, and the newsroom for everyone."""

from django.urls import path

from koor.flow.publishing.views import compose, newsroom, posts

app_name = "publishing"
urlpatterns = [
    path("posts/", posts.posts, name="posts"),
    path("posts/mine/", posts.mine, name="mine"),
    path("posts/new/", compose.new, name="compose"),
    path("posts/look/", compose.look, name="look"),
    path("posts/hold/", posts.hold, name="hold"),
    path("posts/resume/", posts.resume, name="resume"),
    path("posts/<int:pk>/", posts.post, name="post"),
    path("posts/<int:pk>/edit/", compose.edit, name="edit"),
    path("posts/<int:pk>/look/", compose.look, name="look_edit"),
    path("posts/<int:pk>/go/", posts.let_go, name="let_go"),
    path("posts/<int:pk>/approve/", posts.approve, name="approve"),
    path("posts/<int:pk>/take-back/", posts.take_back, name="take_back"),
    path("posts/<int:pk>/withdraw/", posts.withdraw, name="withdraw"),
    path("posts/<int:pk>/restore/", posts.restore, name="restore"),
    path("posts/<int:pk>/comment/", posts.comment, name="comment"),
    path("posts/<int:pk>/pass/", posts.pass_on, name="pass_on"),
    path("posts/rows/<int:pk>/", posts.row, name="row"),
    path("posts/rows/<int:pk>/link/", posts.link, name="link"),
    path("posts/rows/<int:pk>/agree/", posts.agree, name="agree"),
    path("posts/rows/<int:pk>/now/", posts.go_now, name="go_now"),
    path("posts/rows/<int:pk>/move/", posts.move, name="move"),
    path("posts/rows/<int:pk>/retry/", posts.retry, name="retry"),
    path("posts/rows/<int:pk>/cancel/", posts.cancel, name="cancel"),
    path("posts/rows/<int:pk>/again/", posts.send_again, name="send_again"),
    path("posts/rows/<int:pk>/leave/", posts.leave, name="leave"),
    path("posts/rows/<int:pk>/take-down/", posts.take_down, name="take_down"),
    path("posts/rows/<int:pk>/gone/", posts.tell_removed, name="tell_removed"),
    path("newsroom/", newsroom.front, name="newsroom"),
    path("newsroom/feed.atom", newsroom.atom, name="atom"),
    path("newsroom/feed.json", newsroom.json_feed, name="json_feed"),
    path("newsroom/<slug:slug>/", newsroom.article, name="article"),
    path("sitemap.xml", newsroom.sitemap, name="sitemap"),
    path("robots.txt", newsroom.robots, name="robots"),
]
