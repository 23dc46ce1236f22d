from django.urls import path

from feedback import views

app_name = "feedback"
urlpatterns = [
    path("tell/", views.tell, name="tell"),
    path("tell/mine/", views.mine, name="mine"),
    path("tell/sent/<uuid:ref>/", views.sent, name="sent"),
    path("voice/", views.inbox, name="inbox"),
    path("voice/reports/<uuid:ref>/", views.report, name="report"),
    path("voice/reports/<uuid:ref>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("voice/decide/", views.decide, name="decide"),
    path("voice/answers/", views.answers, name="answers"),
    path("voice/answers/<uuid:ref>/", views.answer, name="answer"),
]
