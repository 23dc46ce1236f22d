from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "training"

    def ready(self) -> None:
        from training import impact, rules  # noqa: PLC0415 - it needs the models, loaded by now

        impact.register()
        rules.register()
