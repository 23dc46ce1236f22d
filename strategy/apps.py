from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "strategy"

    def ready(self) -> None:
        from strategy import rules  # noqa: PLC0415 - it needs the models, loaded by now

        rules.register()
