"""A model that cannot be used says why."""

import pytest

from sampan.contract.errors import ConfigError, Unavailable
from sampan.providers.unready import UnreadyProvider
from tests.providers.rigs import make_cleared, make_model


async def test_it_fails_with_the_reason_before_anything_is_sent():
    model = make_model()
    provider = UnreadyProvider(model, ConfigError("CLOUD_KEY is not set.", hint="Set it."))
    cleared = make_cleared(model, {"messages": []})
    with pytest.raises(Unavailable, match="`cloud` cannot be used: CLOUD_KEY is not set") as caught:
        [event async for event in provider.run(cleared)]
    assert (caught.value.way_on, cleared.sent) == ("Set it.", [])
    assert await provider.health() == "down: CLOUD_KEY is not set."
    await provider.aclose()
