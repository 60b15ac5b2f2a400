"""Who a token is of: the provider asks before each plan, and only for its log."""

from fake_google.service import Call, Service
from fake_google.wire import Answer

openidconnect = Service("openidconnect", always_on=True)


@openidconnect("userinfo.get")
def get(_: Call) -> Answer:
    """Somebody who is nobody."""
    return {"sub": "100000000000000000000", "email": "fake@example.com", "email_verified": True}
