from django.urls import path

from align.dashboard import coverage_views, ledger_views, offline, views

app_name = "dashboard"

urlpatterns = [
    path("", views.today, name="today"),
    path("sw.js", offline.worker, name="worker"),
    path("start/", views.start, name="start"),
    path("coverage/", coverage_views.coverage, name="coverage"),
    path("coverage.csv", coverage_views.coverage_csv, name="coverage_csv"),
    path("coverage/gaps/", coverage_views.gaps, name="gaps"),
    path("coverage/gaps.csv", coverage_views.gaps_csv, name="gaps_csv"),
    path("coverage/cell/", coverage_views.cell, name="cell"),
    path("objectives/<int:pk>/", views.objective, name="objective"),
    path("objectives/<int:pk>-<slug:slug>/", views.objective, name="objective"),
    path("behaviors/<int:pk>/", views.behavior, name="behavior"),
    path("team/", views.team, name="team"),
    path("my/strategy/", views.mine, name="mine"),
    path("concerns/", ledger_views.ledger, name="ledger"),
    path("search/", views.search, name="search"),
]
