"""Ask an installation which of its parts are there, over the wire as anybody else would."""

import http.client
import json

PARTS = ("database", "broker", "migrations", "worker", "beat")


def missing(*, host: str, port: int) -> dict[str, str]:
    """Return what /readyz still misses, with its reason; nothing when everything is there."""
    line = http.client.HTTPConnection(host, port, timeout=8)
    try:
        line.request("GET", "/readyz")
        answer = line.getresponse()
        parts = json.loads(answer.read())["parts"]
        return {name: part["reason"] for name, part in parts.items() if not part["ok"]}
    except (OSError, http.client.HTTPException) as failure:
        return {"web": f"does not answer ({failure})"}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"web": "answers, but not with its parts"}
    finally:
        line.close()
