"""Addresses of the hub."""

from django.urls import path

from koor.flow.hub.views import answers, capture, consent, crops, faces, library, phone, prompts

app_name = "hub"
urlpatterns = [
    path("capture/", capture.capture, name="capture"),
    path("capture/phone/", phone.phone, name="phone"),
    path("capture/shell/<str:language>/", phone.shell, name="shell"),
    path("capture/share/", phone.share, name="share"),
    path("sw.js", phone.worker, name="worker"),
    path("capture/mine/", capture.mine, name="mine"),
    path("capture/with-me/", capture.with_me, name="with_me"),
    path("capture/<int:pk>/", capture.captured, name="captured"),
    path("capture/<int:pk>/withdraw/", capture.withdraw, name="withdraw"),
    path("capture/<int:pk>/restore/", capture.restore, name="restore"),
    path("library/", library.library, name="library"),
    path("library/<int:pk>/", library.item, name="item"),
    path("library/<int:pk>/edit/", library.edit, name="item_edit"),
    path("library/<int:pk>/keep/", library.keep, name="keep"),
    path("library/<int:pk>/shelve/", library.shelve, name="shelve"),
    path("library/<int:pk>/reconsider/", library.reconsider, name="reconsider"),
    path("library/<int:pk>/remove/", library.remove, name="remove"),
    path("library/<int:pk>/picture/<int:medium>/", crops.crop, name="crop"),
    path("library/<int:pk>/who/", library.add_portrayed, name="add_portrayed"),
    path("consent/<int:pk>/", library.consent, name="consent"),
    path("consent/<int:pk>/remove/", library.remove_portrayed, name="remove_portrayed"),
    path("consent/<int:pk>/ask/", consent.ask_to_sign, name="ask_to_sign"),
    path("consent/<int:pk>/signed/", consent.signed_yet, name="signed_yet"),
    path("yes/kept/<str:key>/", consent.kept_consent, name="kept_consent"),
    path("yes/kept/<str:key>/photo.jpg", consent.kept_picture, name="kept_picture"),
    path("yes/<str:token>/", consent.sign, name="sign"),
    path("yes/<str:token>/photo.jpg", consent.sign_picture, name="sign_picture"),
    path("me/face/", faces.face, name="face"),
    path("me/face/take-away/", faces.take_away, name="face_take_away"),
    path("ideas/", library.ideas, name="ideas"),
    path("questions/", prompts.prompts, name="prompts"),
    path("questions/add/", prompts.add_prompt, name="add_prompt"),
    path("questions/<int:pk>/", prompts.prompt, name="prompt"),
    path("questions/<int:pk>/answer/", prompts.answer, name="answer"),
    path("questions/<int:pk>/close/", prompts.close, name="close_prompt"),
    path("answer/<str:token>/", answers.by_letter, name="by_letter"),
    path("answers/<int:pk>/keep/", prompts.keep_answer, name="keep_answer"),
]
