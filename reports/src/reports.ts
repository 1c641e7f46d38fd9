/** The reports: which questions each asks, and how the answers are drawn. Nothing else is per report. */

export interface Tile {
  readonly label: string;
  /** The sum of this column. */
  readonly column: string;
  /** Over the sum of this one. */
  readonly per?: string;
}

export type Picture =
  | { readonly kind: "tiles"; readonly tiles: readonly Tile[] }
  | {
      readonly kind: "lines" | "columns";
      readonly along: string;
      readonly measures: readonly string[];
    }
  | { readonly kind: "bars"; readonly along: string; readonly measure: string }
  | { readonly kind: "table" }
  | { readonly kind: "list" }
  | { readonly kind: "retention" }
  | { readonly kind: "funnel" }
  | { readonly kind: "steps" }
  | { readonly kind: "ages" };

const TABLE: Picture = { kind: "table" };
/** A table of things one by one, which other days have no counterpart of. */
const LIST: Picture = { kind: "list" };
const ALONE = ["list", "retention", "steps", "ages"];

export interface Panel {
  readonly question: string;
  readonly pictures: readonly Picture[];
}

export interface Report {
  readonly title: string;
  readonly panels: readonly Panel[];
  /** It asks anew after as many seconds. */
  readonly refreshes?: number;
}

export const REPORTS: Readonly<Record<string, Report>> = {
  overview: {
    title: "Overview",
    panels: [
      panel("loyalty", tiles(tile("Users", "users"), tile("Returning users", "returning_users"))),
      panel("active_users", lines("period", "users")),
      panel(
        "sessions_by_day",
        tiles(tile("Sessions", "sessions"), tile("Bounce rate", "bounces", "sessions")),
        columns("day", "sessions"),
      ),
      panel("channels", bars("channel", "sessions")),
      panel("top_pages", TABLE),
    ],
  },
  "active-users": {
    title: "Active users",
    panels: [
      panel("active_users", lines("period", "users")),
      panel("new_and_returning", columns("period", "new_users", "returning_users")),
      panel(
        "stickiness",
        lines("day", "stickiness"),
        lines("day", "daily_users", "weekly_users", "monthly_users"),
      ),
    ],
  },
  sessions: {
    title: "Sessions",
    panels: [
      panel(
        "sessions_by_day",
        tiles(tile("Sessions", "sessions"), tile("Bounce rate", "bounces", "sessions")),
        columns("day", "sessions"),
        lines("day", "average_seconds", "median_seconds", "engaged_seconds"),
      ),
      panel("entry_pages", TABLE),
      panel("exit_pages", TABLE),
    ],
  },
  engagement: {
    title: "Engagement",
    panels: [
      panel(
        "engagement",
        tiles(
          tile("Sessions", "sessions"),
          tile("Engagement rate", "engaged_sessions", "sessions"),
          tile("Events per session", "events", "sessions"),
          tile("Estimated share", "estimated_sessions", "sessions"),
        ),
        lines("day", "engagement_score"),
        lines("day", "average_seconds", "engaged_seconds"),
      ),
    ],
  },
  loyalty: {
    title: "Loyalty",
    panels: [
      panel(
        "loyalty",
        tiles(
          tile("Loyalty rate", "loyalty_rate"),
          tile("Loyalty score", "loyalty_score"),
          tile("Users", "users"),
          tile("Returning users", "returning_users"),
          tile("Visit days of a user", "visit_days"),
        ),
      ),
      panel("new_and_returning", columns("period", "new_users", "returning_users")),
    ],
  },
  pages: {
    title: "Pages and clicks",
    panels: [
      panel("page_views_by_day", columns("day", "views")),
      panel("top_pages", TABLE),
      panel("link_clicks", TABLE),
      panel("web_vitals", TABLE),
    ],
  },
  sources: {
    title: "Sources",
    panels: [
      panel("channels", bars("channel", "sessions")),
      panel("referrers", TABLE),
      panel("campaigns", TABLE),
      panel("attribution", TABLE),
    ],
  },
  funnel: { title: "Funnel", panels: [panel("funnel", { kind: "funnel" })] },
  retention: { title: "Retention", panels: [panel("retention", { kind: "retention" })] },
  paths: {
    title: "Paths",
    panels: [
      panel("paths_from_page", { kind: "steps" }),
      panel("paths_to_page", { kind: "steps" }),
    ],
  },
  live: {
    title: "Live",
    refreshes: 10,
    panels: [panel("freshness", { kind: "ages" }), panel("latest_events", LIST)],
  },
  user: { title: "User timeline", panels: [panel("user_timeline", LIST)] },
  quality: {
    title: "Data quality",
    panels: [
      panel(
        "data_quality",
        columns("day", "late", "clamped", "repeats", "refused", "failed"),
        lines("day", "late_share", "clamped_share", "repeat_share"),
      ),
      panel("failed_records", TABLE),
      panel("bots", lines("day", "bot_share")),
      panel("consent", TABLE),
    ],
  },
};

/** Tell whether a panel can be compared with the days before. */
export function isComparable({ pictures }: Panel): boolean {
  return pictures.some(({ kind }) => !ALONE.includes(kind));
}

function panel(question: string, ...pictures: Picture[]): Panel {
  return { question, pictures };
}

function tile(label: string, column: string, per?: string): Tile {
  return per === undefined ? { label, column } : { label, column, per };
}

function tiles(...drawn: Tile[]): Picture {
  return { kind: "tiles", tiles: drawn };
}

function lines(along: string, ...measures: string[]): Picture {
  return { kind: "lines", along, measures };
}

function columns(along: string, ...measures: string[]): Picture {
  return { kind: "columns", along, measures };
}

function bars(along: string, measure: string): Picture {
  return { kind: "bars", along, measure };
}
