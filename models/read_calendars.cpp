#include <algorithm>
#include <array>
#include <cmath>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

// Windows and instants of a week: "mon-fri 08:00-17:00", "sat,sun", "daily 22:00-06:00", "mon 09:00".
namespace tl::reading {
namespace {

constexpr double kDay = 24.0, kWeek = 7.0 * kDay;  ///< [hour]
constexpr auto kDays = std::to_array<std::string_view>({"mon", "tue", "wed", "thu", "fri", "sat", "sun"});

const char* const kForm =
    "windows are written \"mon-fri 08:00-17:00\", \"sat,sun\", \"daily 22:00-06:00\"; instants \"mon 09:00\"";

/// One clause split at its first blank.
struct ClauseText {
  Cell days;
  std::optional<Cell> hours;
};

ClauseText split(const Cell& cell) {
  const std::size_t blank = std::min(cell.text.find_first_of(" \t"), cell.text.size());
  ClauseText parts{piece_of(cell, 0, std::string_view{cell.text}.substr(0, blank)), std::nullopt};
  std::size_t offset = blank;
  const std::string_view hours = trimmed(std::string_view{cell.text}.substr(blank), offset);
  if (!hours.empty()) parts.hours = piece_of(cell, offset, hours);
  return parts;
}

void refuse(Context& context, const Cell& cell, const std::string& field, std::string what, std::string hint = "") {
  context.error(cell.at, code("calendar-syntax"), field, std::move(what), kForm, std::move(hint));
}

std::optional<std::size_t> read_day(Context& context, const Cell& cell, const std::string& field) {
  const auto found = std::find(kDays.begin(), kDays.end(), cell.text);
  if (found != kDays.end()) return static_cast<std::size_t>(found - kDays.begin());
  std::vector<std::string> known{"daily"};
  known.insert(known.end(), kDays.begin(), kDays.end());
  known.insert(known.end(), context.calendars.all().begin(), context.calendars.all().end());
  refuse(context, cell, field, "unknown day \"" + cell.text + '"', did_you_mean(cell.text, known));
  return std::nullopt;
}

/// Days from Monday, each once, in the order written.
std::optional<std::vector<std::size_t>> read_days(Context& context, const Cell& cell, const std::string& field) {
  std::vector<std::size_t> days;
  const auto add = [&](std::size_t day) {
    if (std::find(days.begin(), days.end(), day) == days.end()) days.push_back(day);
  };
  for (const Cell& piece : pieces_of(cell, ',')) {
    if (piece.text == "daily") {
      for (std::size_t day = 0; day < 7; ++day) add(day);
      continue;
    }
    const std::size_t dash = piece.text.find('-');
    if (dash == std::string::npos) {
      const auto day = read_day(context, piece, field);
      if (!day) return std::nullopt;
      add(*day);
      continue;
    }
    const std::string_view text = piece.text;
    const auto first = read_day(context, piece_of(piece, 0, text.substr(0, dash)), field);
    const auto last = first ? read_day(context, piece_of(piece, dash + 1, text.substr(dash + 1)), field) : std::nullopt;
    if (!last) return std::nullopt;
    for (std::size_t day = *first;; day = (day + 1) % 7) {
      add(day);
      if (day == *last) break;
    }
  }
  return days;
}

/// "08:30" in hours from midnight; 24:00 is the end of a day.
std::optional<double> read_time(Context& context, const Cell& cell, const std::string& field) {
  const std::string& text = cell.text;
  const auto is_digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
  const bool is_short = text.size() == 4 && text[1] == ':';
  const std::size_t colon = is_short ? 1 : 2;
  bool good = (is_short || text.size() == 5) && text[colon] == ':';
  for (std::size_t i = 0; good && i < text.size(); ++i) good = i == colon || is_digit(i);
  if (good) {
    const int hours = std::stoi(text.substr(0, colon)), minutes = std::stoi(text.substr(colon + 1));
    if (minutes < 60 && hours * 60 + minutes <= 24 * 60) return hours + minutes / 60.0;
  }
  refuse(context, cell, field, "no time of day: \"" + text + '"', "Hours go from 00:00 to 24:00.");
  return std::nullopt;
}

bool read_clause(Context& context, const Cell& cell, const std::string& field, std::vector<WeekWindow>& windows) {
  const ClauseText parts = split(cell);
  const auto days = read_days(context, parts.days, field);
  if (!days) return false;
  double from = 0.0, to = kDay;
  if (parts.hours) {
    const std::string_view text = parts.hours->text;
    const std::size_t dash = text.find('-');
    const auto part = [&](std::size_t begin, std::size_t end) {
      std::size_t offset = begin;
      return piece_of(*parts.hours, offset, trimmed(text.substr(begin, end - begin), offset));
    };
    const auto first = read_time(context, part(0, std::min(dash, text.size())), field);
    const auto last = dash == std::string_view::npos ? first : read_time(context, part(dash + 1, text.size()), field);
    if (!first || !last) return false;
    if (dash != std::string_view::npos && *first == *last) {
      refuse(context, *parts.hours, field, "opens and closes at the same time",
             "Leave the hours out for whole days; an instant is a single time.");
      return false;
    }
    from = *first;
    to = *last < *first ? *last + kDay : *last;  // over midnight
  }
  for (const std::size_t day : *days)
    windows.push_back({kDay * static_cast<double>(day) + from, kDay * static_cast<double>(day) + to});
  return true;
}

/// The windows of one clause, or of the calendar of that id.
bool read_piece(Context& context, const Cell& cell, const std::string& field, std::vector<WeekWindow>& windows) {
  if (!read_text(context, cell, field)) return false;
  if (const auto calendar = context.calendars.find(cell.text); calendar && *calendar < context.week_windows.size()) {
    const std::vector<WeekWindow>& known = context.week_windows[*calendar];
    windows.insert(windows.end(), known.begin(), known.end());
    return !known.empty();  // its own problem is told where it stands
  }
  return read_clause(context, cell, field, windows);
}

/// By time, joined where they meet; what runs over Sunday's midnight goes on at the week's beginning.
std::vector<WeekWindow> joined(const std::vector<WeekWindow>& windows) {
  std::vector<WeekWindow> parts;
  for (const WeekWindow& window : windows) {
    const double end = window.ends;
    if (window.begins == end)
      parts.push_back({std::fmod(window.begins, kWeek), std::fmod(window.begins, kWeek)});
    else
      parts.push_back({window.begins, std::min(end, kWeek)});
    if (end > kWeek) parts.push_back({0.0, end - kWeek});
  }
  std::sort(parts.begin(), parts.end(), [](const WeekWindow& a, const WeekWindow& b) {
    return a.begins != b.begins ? a.begins < b.begins : a.ends > b.ends;
  });
  std::vector<WeekWindow> made;
  for (const WeekWindow& part : parts) {
    const bool is_window = !made.empty() && made.back().ends > made.back().begins;
    const bool is_same = !made.empty() && made.back().begins == part.begins && made.back().ends == part.ends;
    if (is_same || (is_window && part.begins == part.ends && part.begins < made.back().ends)) continue;
    if (is_window && part.ends > part.begins && part.begins <= made.back().ends)
      made.back().ends = std::max(made.back().ends, part.ends);
    else
      made.push_back(part);
  }
  return made;
}

bool is_always(const std::vector<WeekWindow>& windows) {
  return windows.size() == 1 && windows[0].begins == 0.0 && windows[0].ends == kWeek;
}

bool has_instant(const std::vector<WeekWindow>& windows) {
  return std::any_of(windows.begin(), windows.end(), [](const WeekWindow& one) { return one.begins == one.ends; });
}

void useless(Context& context, const Cell& cell, const std::string& field, std::string why) {
  context.problems.warning(cell.at, code("field-useless"), field, "has no effect", std::move(why));
}

/// Windows without instants; nullopt when some cannot be read.
std::optional<std::vector<WeekWindow>> read_hours(Context& context, const Cell& cell, const std::string& field) {
  auto windows = read_windows(context, cell, field);
  if (!windows || !has_instant(*windows)) return windows;
  context.error(cell.at, code("calendar-instant"), field, "names an instant", "hours have a beginning and an end",
                "Write daily 08:00-17:00.");
  return std::nullopt;
}

std::optional<HoursShare> read_hours_share(Context& context, const Cell& cell, const std::string& field) {
  if (!read_text(context, cell, field)) return std::nullopt;
  const std::string_view text = cell.text;
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos) {
    context.error(cell.at, code("calendar-syntax"), field, "cannot read \"" + cell.text + '"',
                  "a part of the capacity in some hours is written: WINDOWS = SHARE", "Write sat,sun = 50%.");
    return std::nullopt;
  }
  std::size_t left = 0, right = equals + 1;
  const std::string_view hours = trimmed(text.substr(0, equals), left);
  const std::string_view share = trimmed(text.substr(right), right);
  auto windows = read_hours(context, piece_of(cell, left, hours), field);
  const auto part =
      read_scalar(context, piece_of(cell, right, share), field, {.dimension = kPlain, .range = Range::share()});
  if (!windows || !part) return std::nullopt;
  return HoursShare{std::move(*windows), *part};
}

}  // namespace

std::optional<std::vector<WeekWindow>> read_windows(Context& context, const Cell& cell, const std::string& field) {
  if (cell.is_table()) {
    read_text(context, cell, field);
    return std::nullopt;
  }
  std::vector<WeekWindow> windows;
  bool good = true;
  for (const Cell& piece : pieces_of(cell, ';')) good = read_piece(context, piece, field, windows) && good;
  if (!good) return std::nullopt;
  if (windows.empty()) {
    refuse(context, cell, field, "names no window", "Leave the field out: then it is always open.");
    return std::nullopt;
  }
  return joined(windows);
}

std::vector<HoursShare> read_capacity_hours(Context& context, const Cell& cell, const std::string& field) {
  std::vector<HoursShare> hours;
  if (cell.is_table()) {
    read_text(context, cell, field);
    return hours;
  }
  for (const Cell& piece : pieces_of(cell, ';'))
    if (auto one = read_hours_share(context, piece, field)) hours.push_back(std::move(*one));
  return hours;
}

std::vector<WeekWindow> read_post_hours(Context& context, const Cell& cell, const std::string& field) {
  const auto windows = read_hours(context, cell, field);
  return windows && !is_always(*windows) ? *windows : std::vector<WeekWindow>{};
}

void read_calendars(Context& context) {
  context.week_windows.resize(context.calendars.all().size());
  const Table* table = context.table("calendars");
  if (table == nullptr) return;
  std::vector<std::vector<WeekWindow>> made(context.week_windows.size());
  context.week_windows.clear();  // a calendar's windows name no other calendar
  for (const Row& row : table->rows) {
    const RowView view{row, "calendars." + row.id};
    const Cell* cell = view.find("windows");
    if (row.id == "daily" || std::find(kDays.begin(), kDays.end(), std::string_view{row.id}) != kDays.end())
      context.error(id_place(row), code("id-reserved"), view.address, '"' + row.id + "\" is a word of the language",
                    "a calendar cannot be called so", "Choose another id.");
    if (cell == nullptr)
      missing_field(context, view, "windows", "a calendar says when it is open",
                    "Write windows = \"mon-fri 08:00-17:00\".");
    else if (auto windows = read_windows(context, *cell, view.path("windows")))
      made[*context.calendars.find(row.id)] = std::move(*windows);
  }
  context.week_windows = std::move(made);
}

void read_setting_hours(Context& context, const RowView& row, SettingSpec& setting) {
  const bool is_limited = setting.capacity || setting.pool || setting.staffed;
  if (const Cell* cell = row.find("admits")) {
    const std::string field = row.path("admits");
    const auto windows = read_windows(context, *cell, field);
    if (windows && is_always(*windows))
      useless(context, *cell, field, "it is open all week, as without it");
    else if (windows && !is_limited && row.find("capacity") != nullptr)
      useless(context, *cell, field, "nobody waits for an unlimited setting");
    else if (windows)
      setting.admits = *windows;
  }
  if (const Cell* cell = row.find("serves")) {
    const std::string field = row.path("serves");
    const auto windows = read_hours(context, *cell, field);
    if (windows && is_always(*windows))
      useless(context, *cell, field, "it is open all week, as without it");
    else if (windows && !setting.stay && row.find("stay") != nullptr)
      useless(context, *cell, field, "no stay runs out here");
    else if (windows)
      setting.serves = *windows;
  }
  if (const Cell* cell = row.find("capacity_hours")) {
    setting.capacity_hours = read_capacity_hours(context, *cell, row.path("capacity_hours"));
    if (!setting.capacity) {
      if (row.find("capacity") != nullptr)
        useless(context, *cell, row.path("capacity_hours"), "an unlimited capacity has no parts");
      setting.capacity_hours.clear();
    }
  }
}

}  // namespace tl::reading
