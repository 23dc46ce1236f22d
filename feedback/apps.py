from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from feedback import rules  # noqa: PLC0415 - it needs the models, loaded by now

        rules.register()
