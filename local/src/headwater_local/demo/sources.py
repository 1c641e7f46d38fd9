"""Where a visit comes from: a campaign that runs, or what the shop does not pay for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from headwater_local.demo.chance import Chance
from headwater_local.demo.seasons import NEWSLETTER, Campaign, campaigns_on


@dataclass(frozen=True)
class Source:
    """What a visit's first page view says of it: the page before, and the query of the URL."""

    referrer: str = ""
    campaign: Campaign | None = None
    click: str = ""

    @property
    def told(self) -> dict[str, str]:
        """The parameters of the campaign, by their names in a message's context."""
        if self.campaign is None:
            return {}
        names = {
            "name": self.campaign.name,
            "source": self.campaign.source,
            "medium": self.campaign.medium,
        }
        return names | ({self.campaign.click_id: self.click} if self.campaign.click_id else {})

    @property
    def query(self) -> str:
        """The same as a query, with its question mark; empty without a campaign."""
        spelled = {"name": "utm_campaign", "source": "utm_source", "medium": "utm_medium"}
        pairs = (f"{spelled.get(name, name)}={value}" for name, value in self.told.items())
        return f"?{'&'.join(pairs)}" if self.campaign else ""


DIRECT: Final = Source()

_UNPAID: Final[Mapping[Source, float]] = {
    DIRECT: 28,
    Source("https://www.google.com/"): 30,
    Source("https://duckduckgo.com/"): 4,
    Source("https://www.bing.com/"): 4,
    Source("https://www.instagram.com/"): 9,
    Source("https://www.reddit.com/"): 4,
    Source("https://chatgpt.com/"): 6,
    Source("https://claude.ai/"): 2,
    Source("https://blog.rivers.example/ten-waters"): 9,
    Source("https://news.example/"): 4,
}

_RETURNING: Final[Mapping[Source, float]] = {DIRECT: 70, Source("https://www.google.com/"): 30}


def first_source(day: date, chance: Chance) -> Source:
    """Return where a visitor comes from for the first time."""
    weights: dict[Campaign | None, float] = {each: each.lift for each in campaigns_on(day)}
    campaign = chance.one_of({None: 1.0, **weights})
    return _of_campaign(campaign, chance) if campaign else chance.one_of(_UNPAID)


def later_source(day: date, chance: Chance) -> Source:
    """Return where a returning visitor comes from."""
    if NEWSLETTER in campaigns_on(day) and chance.happens(0.4):
        return _of_campaign(NEWSLETTER, chance)
    return chance.one_of(_RETURNING)


def _of_campaign(campaign: Campaign, chance: Chance) -> Source:
    return Source(campaign.referrer, campaign, f"{chance.getrandbits(64):x}")
