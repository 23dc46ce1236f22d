from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"

    def ready(self) -> None:
        from feedback import evidence, impact, rules, words  # noqa: PLC0415 - they need the models

        evidence.register()
        impact.register()
        rules.register()
        words.register()
