"""What visitors are like: where they live, what they browse with, how often they come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Place:
    """Where a visitor lives."""

    time_zone: str
    locale: str
    city: str

    @property
    def country(self) -> str:
        """Its code, of two letters."""
        return self.locale[-2:]


@dataclass(frozen=True)
class Device:
    """What a visitor browses with."""

    name: str
    user_agent: str
    screen: tuple[int, int]


@dataclass(frozen=True)
class Habit:
    """How likely somebody is to come back after a visit (0 to 1), and mean days until then."""

    comes_back: float
    after_days: float


PLACES: Final[Mapping[Place, float]] = {
    Place("Europe/Berlin", "de-DE", "Berlin"): 24,
    Place("Europe/Zurich", "de-CH", "Zurich"): 14,
    Place("Europe/London", "en-GB", "London"): 14,
    Place("America/New_York", "en-US", "New York"): 16,
    Place("America/Los_Angeles", "en-US", "Los Angeles"): 9,
    Place("America/Sao_Paulo", "pt-BR", "Sao Paulo"): 6,
    Place("Asia/Kolkata", "en-IN", "Kolkata"): 8,
    Place("Asia/Tokyo", "ja-JP", "Tokyo"): 5,
    Place("Australia/Sydney", "en-AU", "Sydney"): 4,
}

PHONE: Final = Device(
    "phone",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    (390, 844),
)
ANDROID: Final = Device(
    "android",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/138.0.0.0 Mobile Safari/537.36",
    (412, 915),
)
PHONES: Final = (PHONE, ANDROID)

DEVICES: Final[Mapping[Device, float]] = {
    PHONE: 24,
    ANDROID: 26,
    Device(
        "windows",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/138.0.0.0 Safari/537.36",
        (1920, 1080),
    ): 24,
    Device(
        "edge",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
        (1536, 864),
    ): 6,
    Device(
        "mac",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/18.5 Safari/605.1.15",
        (1512, 982),
    ): 12,
    Device(
        "linux",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        (2560, 1440),
    ): 4,
    Device(
        "tablet",
        "Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Version/16.6 Mobile/15E148 Safari/604.1",
        (820, 1180),
    ): 4,
}

BOTS: Final[Mapping[Device, float]] = {
    Device(
        "googlebot",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        (1024, 1024),
    ): 5,
    Device(
        "gptbot",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; GPTBot/1.2; "
        "+https://openai.com/gptbot",
        (1024, 1024),
    ): 3,
}

BOT_SHARE: Final = 0.04
"""Of all who come for the first time."""

HABITS: Final[Mapping[Habit, float]] = {
    Habit(comes_back=0.06, after_days=14): 60,
    Habit(comes_back=0.62, after_days=6): 30,
    Habit(comes_back=0.93, after_days=3.5): 10,
}
"""Of passers-by, of the curious and of regulars."""

NO_HABIT: Final = Habit(comes_back=0, after_days=1)

CONSENTS: Final[Mapping[str | None, float]] = {None: 70, "granted": 25, "gpc": 5}
