from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "align.notices"
    label = "notices"
