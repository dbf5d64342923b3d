"""The package's README runs as it stands, against a scripted gateway."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import kessai_gmo
import pytest

from tests.unit.gmo.notices import ACCESS_ID, JSON, TOKEN, body, event, packed
from tests.unit.gmo.scripted import Script, answer, order

README = Path(__file__).parents[3] / "overlays/gmo/README.md"
BLOCKS = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
REDIRECT = {"redirectUrl": "https://wallet.example.com/pay", "httpMethod": "GET"}


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    paid = {"orderReference": order("PAYSUCCESS", "CASH", amount="3980")}
    script = Script(
        answer(202, {"orderReference": order("REQSUCCESS", "WALLET"),
                     "redirectInformation": REDIRECT}),
        answer(200, {"orderReference": order("CAPTURE", "WALLET", amount="3980")}),
        answer(200, paid),
    )  # fmt: skip
    done: list[Any] = []

    def client(*arguments: Any, **options: Any) -> Any:
        assert options == {"environment": "sandbox"}
        return script.client()

    monkeypatch.setattr(kessai_gmo, "GmoClient", client)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {
        "shop_id": "tshop00000001",
        "shop_password": "password",
        "csrf_token": TOKEN,
        "session": {"csrf_token": TOKEN},
        "url_or_query": f"/callback?p={packed(event('WALLET_CHARGE_FINISHED'))}",
        "redirect_to": done.append,
        "deliver": done.append,
        "body": body(),
        "headers": JSON,
        "token_of_access_id": {ACCESS_ID: TOKEN}.get,
        "respond": done.append,
    }
    assert len(BLOCKS) == 3
    for block in BLOCKS:
        exec(compile(block, str(README), "exec"), names)
    assert done == ["https://wallet.example.com/pay", ACCESS_ID, 200]
    assert script.paths == ["/wallet/charge", "/order/inquiry", "/order/inquiry"]
    assert list(tmp_path.iterdir())
