from __future__ import annotations

from pydantic import BaseModel, SecretStr

from output import workflow


class Login(BaseModel):
    user: str
    password: SecretStr


@workflow
async def sign_in(login: Login) -> str:
    """Show that a secret has arrived, without showing it."""
    return f"{login.user}:{len(login.password.get_secret_value())}"
