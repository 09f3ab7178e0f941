"""What each role may do, and the check of it, which stands in the code that acts: whoever asks, by whichever door.

Every public method of a service's part is marked `@needs(...)`, or `@open_to_all` where there is nothing to protect. The role
is that of the request that is being worked for (`bot.request_context`); without sign-in it is the admin's.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from bot.errors import PermissionDenied
from bot.request_context import Role, current_request

P = ParamSpec("P")
R = TypeVar("R")

ROLES: Final[tuple[Role, ...]] = ("none", "reader", "editor", "admin")
"""The roles; each may do what those before it may."""


class Permission(Enum):
    """What may be allowed; the value ends the sentence "you may not ..."."""

    READ_ARTICLES = "read the articles"
    ASK = "ask questions or check texts"
    KEEP_CONVERSATIONS = "keep conversations or standing questions"
    EDIT_ARTICLES = "add or change articles"
    USE_LAB = "change prompts or evaluate answers"
    CHOOSE_MODELS = "change the models or their keys"
    MAINTAIN = "maintain the index, or read folders of the server"


LEAST_ROLE: Final[Mapping[Permission, Role]] = {
    Permission.READ_ARTICLES: "reader",
    Permission.ASK: "reader",
    Permission.KEEP_CONVERSATIONS: "reader",
    Permission.EDIT_ARTICLES: "editor",
    # An evaluation may cost as much as a hundred questions, and a prompt changes everybody's answers.
    Permission.USE_LAB: "editor",
    # A model's address is where the articles are sent to.
    Permission.CHOOSE_MODELS: "admin",
    # Who names a folder of the server has its files read, whatever they are.
    Permission.MAINTAIN: "admin",
}
"""The first of the roles that has each permission."""

_MARK = "_footnote_permission"
_OPEN = "open to all"


def role_allows(role: Role, permission: Permission) -> bool:
    """Whether a role has a permission.

    >>> role_allows("reader", Permission.ASK), role_allows("reader", Permission.EDIT_ARTICLES)
    (True, False)
    """
    return ROLES.index(role) >= ROLES.index(LEAST_ROLE[permission])


def allowed(permission: Permission) -> bool:
    """Whether whoever is being worked for has a permission; a page asks this to leave out what would be refused."""
    return role_allows(current_request().role, permission)


def require(permission: Permission) -> None:
    """Raises PermissionDenied unless whoever is being worked for has the permission."""
    role = current_request().role
    if role_allows(role, permission):
        return
    if role == "none":
        raise PermissionDenied("You are not signed in.", "Sign in first.")
    article = "an" if role[0] in "ae" else "a"
    raise PermissionDenied(f"As {article} {role} you may not {permission.value}.")


def needs(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Marks a method with the permission that it needs, which is checked each time that it is called.

    A generator is checked when it is made, not when its first item is asked for.

    >>> from bot.request_context import RequestContext, request_scope
    >>> class Articles:
    ...     @needs(Permission.EDIT_ARTICLES)
    ...     def clear(self) -> str:
    ...         return "cleared"
    >>> with request_scope(RequestContext("http", person="ada", role="reader")):
    ...     Articles().clear()
    Traceback (most recent call last):
    bot.errors.PermissionDenied: As a reader you may not add or change articles.
    """

    def marked(method: Callable[P, R]) -> Callable[P, R]:
        """The method behind its check."""

        @wraps(method)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            """Calls the method, where that is allowed."""
            require(permission)
            return method(*args, **kwargs)

        setattr(checked, _MARK, permission)
        return checked

    return marked


def open_to_all(method: Callable[P, R]) -> Callable[P, R]:
    """Marks a method that needs no permission, as it shows and changes nothing of the home's."""
    setattr(method, _MARK, _OPEN)
    return method


def permission_of(method: object) -> Permission | None:
    """The permission that a method needs, None where it is open to all; raises LookupError where it is not marked."""
    inner = method.fget if isinstance(method, property) else getattr(method, "__func__", method)
    mark = getattr(inner, _MARK, None)
    if mark is None:
        raise LookupError(f"{getattr(inner, '__qualname__', inner)} is marked with no permission")
    return mark if isinstance(mark, Permission) else None
