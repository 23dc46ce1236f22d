from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "align.people"
    label = "people"
    verbose_name = "People"
