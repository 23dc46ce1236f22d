from pathlib import Path

from align.embedded import addresses


def test_the_addresses_are_a_function_of_the_folder() -> None:
    stores = addresses.of(Path("/srv/Align/.align/run"))
    assert stores.database_url == "postgres://align@%2Fsrv%2FAlign%2F.align%2Frun%2Fs:5432/align"
    assert stores.redis_url == "unix:///srv/Align/.align/run/s/valkey.sock"


def test_a_folder_too_long_for_a_socket_gets_its_sockets_elsewhere() -> None:
    deep = Path("/srv") / ("x" * 120) / ".align/run"
    stores = addresses.of(deep)
    assert len(str(stores.valkey_socket)) < 100
    assert stores.folder == deep
    assert stores.sockets != addresses.of(deep / "other").sockets


def test_a_socket_folder_keeps_its_capitals() -> None:
    url = addresses.of(Path("/srv/Align")).database_url
    assert addresses.socket_folder(url) == "/srv/Align/s"
    assert addresses.socket_folder("postgres://align:secret@db.example.com:5432/align") == ""


def test_one_redis_address_gives_broker_and_cache() -> None:
    assert addresses.broker_url("unix:///x/v.sock") == "redis+socket:///x/v.sock"
    assert addresses.cache_url("unix:///x/v.sock") == "unix:///x/v.sock?db=1"
    assert addresses.broker_url("redis://valkey:6379/0") == "redis://valkey:6379/0"
    assert addresses.cache_url("redis://valkey:6379/0") == "redis://valkey:6379/1"
