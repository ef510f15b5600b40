#include <algorithm>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

// The table `requests`: a request that says more than its goal.
namespace tl::reading {
namespace {

constexpr std::size_t kMostTracks = 4;
constexpr std::size_t kMostListings = 8;  ///< goal, alternates and interims
constexpr std::string_view kAfter = " after ";

bool is_program(const Context& context, std::uint32_t setting) {
  return context.setting_facts[setting].is_program;
}

/// Goal, alternates and interims: each stands once.
bool is_new_listing(Context& context, const RequestSpec& request, std::uint32_t setting, const Cell& cell,
                    const std::string& field) {
  const bool is_there = setting == request.goal ||
                        std::any_of(request.alternates.begin(), request.alternates.end(),
                                    [&](const AlternateSpec& one) { return one.setting == setting; }) ||
                        std::find(request.interims.begin(), request.interims.end(), setting) != request.interims.end();
  if (!is_there) return true;
  context.error(cell.at, code("field-conflict"), field, '"' + context.settings.all()[setting] + "\" stands twice",
                "goal, alternates and interims are different settings");
  return false;
}

/// `SETTING` or `SETTING after 60 d`.
void read_alternate(Context& context, const Cell& cell, const std::string& field, RequestSpec& request) {
  if (!read_text(context, cell, field)) return;
  const std::size_t after = cell.text.find(kAfter);
  std::size_t name_at = 0;
  const std::string_view name = trimmed(std::string_view{cell.text}.substr(0, after), name_at);
  const Cell setting_cell = piece_of(cell, name_at, name);
  const auto setting = find_name(context, setting_cell, field, context.settings);
  AlternateSpec made;
  if (after != std::string::npos) {
    std::size_t length_at = after + kAfter.size();
    const std::string_view length = trimmed(std::string_view{cell.text}.substr(length_at), length_at);
    const auto days = read_scalar(context, piece_of(cell, length_at, length), field,
                                  {.dimension = kDuration, .range = Range::between(0.0, context.limits.horizon_days)});
    made.after_days = days.value_or(0.0);
  }
  if (!setting || !is_new_listing(context, request, *setting, setting_cell, field)) return;
  if (is_program(context, *setting) != is_program(context, request.goal)) {
    const bool wants_program = is_program(context, request.goal);
    context.error(
        setting_cell.at, code("setting-kind"), field,
        '"' + setting_cell.text + "\" is a " + (wants_program ? "place" : "program"),
        std::string{"the goal is a "} + (wants_program ? "program" : "place") + ", and one request cannot be for both");
    return;
  }
  made.setting = *setting;
  request.alternates.push_back(made);
}

void read_interims(Context& context, const Cell& cell, const std::string& field, RequestSpec& request) {
  if (cell.is_table()) {
    read_text(context, cell, field);
    return;
  }
  if (is_program(context, request.goal)) {
    context.error(cell.at, code("setting-kind"), field, "are given for a program",
                  "an interim is a place to be in while a place is waited for",
                  "Enrol in another program by an action of its own.");
    return;
  }
  for (const Cell& item : pieces_of(cell, '|')) {
    const auto place = read_place(context, item, field, false);
    if (place && is_new_listing(context, request, *place, item, field)) request.interims.push_back(*place);
  }
}

void read_track(Context& context, const RowView& row, RequestSpec& request) {
  request.track = context.tracks.all().front();
  if (const Cell* cell = row.find("track"); cell != nullptr && !cell->is_list() && !cell->is_table()) {
    request.track = cell->text;
    request.track_row = context.tracks.find(cell->text).value_or(0);
  }
  const Cell* closes = row.find("closes");
  if (closes == nullptr) return;
  if (closes->is_table()) {
    read_text(context, *closes, row.path("closes"));
    return;
  }
  for (const Cell& item : pieces_of(*closes, '|')) {
    const auto track = find_name(context, item, row.path("closes"), context.tracks);
    if (!track) continue;
    if (*track == request.track_row)
      context.problems.warning(item.at, code("field-useless"), row.path("closes"), "names its own track",
                               "a granted request ends anyhow, and its track is free then");
    else if (std::find(request.closes.begin(), request.closes.end(), *track) == request.closes.end())
      request.closes.push_back(*track);
  }
}

void read_away(Context& context, const RowView& row, RequestSpec& request) {
  if (const Cell* cell = row.find("not_from")) request.not_from = read_condition(context, *cell, row.path("not_from"));
  const Cell* cell = row.find("while_away");
  if (cell == nullptr) return;
  if (const auto word = read_word(context, *cell, row.path("while_away"), {"park", "drop"}))
    request.drop_while_away = *word == 1;
  if (row.find("not_from") == nullptr)
    context.problems.warning(cell->at, code("field-useless"), row.path("while_away"), "has no effect",
                             "nothing says where clients cannot take a unit up",
                             "Write not_from = \"domain = custody\".");
}

/// What only standing requests for a place have.
void tell_useless(Context& context, const RowView& row, const RequestSpec& request) {
  if (!is_program(context, request.goal)) return;
  for (const char* name : {"track", "closes", "temporary"})
    if (const Cell* cell = row.find(name))
      context.problems.warning(cell->at, code("field-useless"), row.path(name), "has no effect",
                               "the goal is a program: a client has one request for each, beside all else");
}

RequestSpec read_request(Context& context, const RowView& row, std::uint32_t index) {
  RequestSpec request;
  request.id = row.row.id;
  request.at = row.row.at;
  const Cell* goal = row.find("goal");
  if (goal == nullptr)
    missing_field(context, row, "goal", "a request is for a setting", "Write goal = \"psh\".");
  else
    find_name(context, *goal, row.path("goal"), context.settings);
  read_track(context, row, request);
  read_away(context, row, request);
  request.keep = read_flag(context, row, "keep");
  request.temporary = read_flag(context, row, "temporary");
  if (!context.request_goals[index]) return request;  // alternates are judged by the goal
  request.goal = *context.request_goals[index];
  tell_useless(context, row, request);
  if (const Cell* cell = row.find("alternates")) {
    if (cell->is_table()) read_text(context, *cell, row.path("alternates"));
    for (const Cell& item : pieces_of(*cell, ';')) read_alternate(context, item, row.path("alternates"), request);
  }
  if (const Cell* cell = row.find("interims")) read_interims(context, *cell, row.path("interims"), request);
  const std::size_t listings = 1 + request.alternates.size() + request.interims.size();
  if (listings > kMostListings)
    context.error(row.row.at, code("list-length"), row.address,
                  "has " + std::to_string(listings) + " settings: goal, alternates and interims",
                  "at most " + std::to_string(kMostListings) + " are allowed for one request");
  return request;
}

}  // namespace

bool read_flag(Context& context, const RowView& row, std::string_view field) {
  const Cell* cell = row.find(field);
  return cell != nullptr && read_yes(context, *cell, row.path(field)).value_or(false);
}

void collect_requests(Context& context) {
  context.tracks.add("main");
  const Table* table = context.table("requests");
  if (table == nullptr) return;
  for (const Row& row : table->rows) {
    const bool is_first = !context.requests.find(row.id).has_value();
    if (is_first) check_shared_id(context, row, "requests");
    context.requests.add(row.id);
    if (!is_first) continue;
    const Cell *goal = row.find("goal"), *track = row.find("track");
    context.request_goals.push_back(goal == nullptr ? std::nullopt : context.settings.find(goal->text));
    if (track == nullptr || !read_text(context, *track, "requests." + row.id + ".track")) continue;
    if (!context.tracks.find(track->text)) check_id(context, track->text, track->at, "requests." + row.id + ".track");
    context.tracks.add(track->text);
    if (context.tracks.all().size() == kMostTracks + 1)
      context.error(track->at, code("list-length"), "requests." + row.id + ".track",
                    '"' + track->text + "\" is the fifth track: " + listed(context.tracks.all()),
                    "a model has at most 4 tracks, \"main\" among them",
                    "Put requests that never stand beside each other on one track.");
  }
}

std::optional<Asked> find_asked(Context& context, const Cell& cell, const std::string& field) {
  const std::optional<std::string> text = read_text(context, cell, field);
  if (!text) return std::nullopt;
  if (const auto setting = context.settings.find(*text)) return Asked{*setting, std::nullopt};
  if (const auto request = context.requests.find(*text)) {
    context.requests_used.insert(*request);
    if (!context.request_goals[*request]) return std::nullopt;  // its goal is a problem already
    return Asked{*context.request_goals[*request], *request};
  }
  if (context.requests.all().empty()) {
    find_name(context, cell, field, context.settings);
    return std::nullopt;
  }
  std::vector<std::string> known = context.settings.all();
  known.insert(known.end(), context.requests.all().begin(), context.requests.all().end());
  context.error(cell.at, code("name-unknown"), field, "unknown setting or request \"" + *text + '"',
                "no setting and no row of requests has that id", did_you_mean(*text, known));
  return std::nullopt;
}

void read_requests(Context& context) {
  context.model.tracks = context.tracks.all();
  const Table* table = context.table("requests");
  if (table == nullptr) return;
  context.model.requests.resize(context.requests.all().size());
  std::vector<bool> is_read(context.model.requests.size(), false);
  for (const Row& row : table->rows) {
    const std::uint32_t index = *context.requests.find(row.id);
    if (is_read[index]) continue;  // a problem already: row-duplicate
    is_read[index] = true;
    context.model.requests[index] = read_request(context, {row, "requests." + row.id}, index);
  }
}

void check_requests(Context& context) {
  for (std::uint32_t row = 0; row < context.model.requests.size(); ++row)
    if (!context.requests_used.contains(row) && !context.settings.find(context.model.requests[row].id))
      context.problems.warning(context.model.requests[row].at, code("field-useless"),
                               "requests." + context.model.requests[row].id, "is never asked for",
                               "no action and no route names it",
                               "Write do = \"request " + context.model.requests[row].id + "\" somewhere.");
}

}  // namespace tl::reading
