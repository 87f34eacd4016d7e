from django.urls import path

from koor.flow.listening.views import asking, hooks, learner, quarantine, sources, stream, taking

app_name = "listening"
urlpatterns = [
    path("listen/", stream.stream, name="stream"),
    path("listen/news/", taking.news, name="news"),
    path("listen/export/", taking.export, name="export"),
    path("listen/marks/", taking.mark_many, name="mark_many"),
    path("listen/mentions/<int:pk>/", stream.mention, name="mention"),
    path("listen/mentions/<int:pk>/mark/", stream.mark, name="mark"),
    path("listen/mentions/<int:pk>/keep/", stream.keep, name="keep"),
    path("listen/mentions/<int:pk>/wish/", stream.wish, name="wish"),
    path("listen/mentions/<int:pk>/who-knows/", learner.who_knows, name="who_knows"),
    path("listen/learner/", learner.learner, name="learner"),
    path("listen/learner/<slug:question>/", learner.words, name="words"),
    path("listen/queries/", asking.saved_queries, name="queries"),
    path("listen/queries/add/", asking.add, name="add_query"),
    path("listen/queries/<int:pk>/", asking.query, name="query"),
    path("listen/queries/<int:pk>/pause/", asking.pause, name="pause_query"),
    path("listen/queries/<int:pk>/resume/", asking.resume, name="resume_query"),
    path("listen/sources/", sources.sources, name="sources"),
    path("listen/sources/add/", sources.choose, name="choose_source"),
    path("listen/sources/add/<slug:kind>/", sources.add, name="add_feed"),
    path("listen/sources/add/<int:account_id>/<slug:kind>/", sources.add, name="add_source"),
    path("listen/sources/import/", sources.bring_in, name="import"),
    path("listen/sources/<int:pk>/", sources.source, name="source"),
    path("listen/sources/<int:pk>/edit/", sources.edit, name="edit_source"),
    path("listen/sources/<int:pk>/pause/", sources.pause, name="pause_source"),
    path("listen/sources/<int:pk>/resume/", sources.resume, name="resume_source"),
    path("listen/sources/<int:pk>/fetch/", sources.fetch, name="fetch_source"),
    path("hooks/<slug:connector>/<int:account_id>/", hooks.hook, name="hook"),
    path("listen/quarantine/", quarantine.quarantine, name="quarantine"),
    path("listen/quarantine/<int:pk>/", quarantine.event, name="event"),
    path("listen/quarantine/<int:pk>/drop/", quarantine.drop, name="drop_event"),
    path("listen/quarantine/<int:pk>/restore/", quarantine.restore, name="restore_event"),
]
