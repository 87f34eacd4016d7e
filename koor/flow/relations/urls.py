from django.urls import path

from koor.flow.relations.views import after, ambassadors, leads, line, voice

app_name = "relations"
urlpatterns = [
    path("relations/quiet/", line.quiet, name="quiet"),
    path("relations/quiet/house/", line.quiet_in_the_house, name="quiet_in_the_house"),
    path("relations/after/", after.after, name="after"),
    path("relations/after/<int:project>/", after.write, name="after_one"),
    path("relations/after/<int:project>/told/", after.told, name="after_told"),
    path("relations/after/<int:project>/pass/", after.pass_over, name="after_pass"),
    path("relations/after/done/<int:pk>/undo/", after.undo, name="after_undo"),
    path("relations/leads/", leads.leads, name="leads"),
    path("relations/leads/list.csv", leads.as_list, name="leads_list"),
    path("relations/leads/<int:pk>/", leads.lead, name="lead"),
    path("relations/leads/<int:pk>/stands/", leads.stands, name="lead_stands"),
    path("relations/leads/<int:pk>/hand/", leads.hand, name="lead_hand"),
    path("relations/leads/<int:pk>/go-on/", leads.go_on, name="lead_go_on"),
    path("relations/leads/<int:pk>/send/", leads.send, name="lead_send"),
    path("relations/receiver/", leads.receiver, name="receiver"),
    path("relations/receiver/secret/", leads.new_secret, name="receiver_secret"),
    path("relations/receiver/try/", leads.try_it, name="receiver_try"),
    path("relations/receiver/again/", leads.failed_again, name="receiver_again"),
    path("relations/voice/", voice.voice, name="voice"),
    path("relations/voice/<slug:of>/<int:pk>/", voice.words, name="voice_words"),
    path("relations/ambassadors/", ambassadors.ambassadors, name="ambassadors"),
    path("relations/<int:contact>/ambassador/", ambassadors.invite, name="ambassador"),
    path("relations/<int:contact>/ambassador/mail/", ambassadors.mail, name="ambassador_mail"),
    path("relations/<int:contact>/ambassador/thank/", ambassadors.thank, name="ambassador_thank"),
    path("relations/<int:contact>/ambassador/end/", ambassadors.end, name="ambassador_end"),
    path("with-us/<str:token>/", ambassadors.with_us, name="with_us"),
    path("relations/<int:contact>/lead/", leads.new_lead, name="new_lead"),
    path("relations/<int:contact>/touch/", line.note, name="note"),
    path("relations/<int:contact>/rhythm/", line.rhythm, name="rhythm"),
    path("relations/<int:contact>/later/", line.later, name="later"),
    path("relations/<int:contact>/story/", line.story, name="story"),
    path("relations/touches/<int:pk>/forget/", line.forget, name="forget"),
]
