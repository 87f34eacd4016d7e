from django.urls import path

from koor.flow.publishing.views import newsroom

app_name = "publishing"
urlpatterns = [
    path("newsroom/", newsroom.front, name="newsroom"),
    path("newsroom/feed.atom", newsroom.atom, name="atom"),
    path("newsroom/feed.json", newsroom.json_feed, name="json_feed"),
    path("newsroom/<slug:slug>/", newsroom.article, name="article"),
    path("sitemap.xml", newsroom.sitemap, name="sitemap"),
    path("robots.txt", newsroom.robots, name="robots"),
]
