"""Rules of passwords beside Django's own, in Chinese (law/security section 1: complexity of secrets)."""

from typing import Any

from django.core.exceptions import ValidationError

CLASSES = (str.islower, str.isupper, str.isdigit, lambda letter: not letter.isalnum())


class LongEnough:
    """At least so many characters (GONGKAI_PASSWORD_MINIMUM)."""

    def __init__(self, min_length: int = 10) -> None:
        self.min_length = min_length

    def validate(self, password: str, _user: Any = None) -> None:
        """Raise with a sentence when the password is too short."""
        if len(password) < self.min_length:
            raise ValidationError(f"密码太短，至少要 {self.min_length} 个字符。", code="password_too_short")

    def get_help_text(self) -> str:
        """The rule, as the page of the new password prints it."""
        return f"至少 {self.min_length} 个字符。"


class SeveralClasses:
    """Characters of several classes: small letters, capitals, digits, others."""

    def __init__(self, classes: int = 2) -> None:
        self.classes = classes

    def validate(self, password: str, _user: Any = None) -> None:
        """Raise with a sentence when there are too few classes."""
        if sum(any(is_in(letter) for letter in password) for is_in in CLASSES) < self.classes:
            raise ValidationError(self._sentence("密码要有"), code="password_too_plain")

    def get_help_text(self) -> str:
        """The rule, as the page of the new password prints it."""
        return self._sentence("有")

    def _sentence(self, start: str) -> str:
        return f"{start}小写字母、大写字母、数字、其他符号中的至少 {self.classes} 种。"
