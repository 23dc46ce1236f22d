from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "align.dashboard"
    label = "dashboard"
