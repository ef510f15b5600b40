#include <algorithm>

#include "models/read_context.hpp"
#include "models/suggest.hpp"

// Timers and milestones: what counts from a start.
namespace tl::reading {
namespace {

constexpr std::string_view kEvents = "events.";

StartSpec read_start(Context& context, const Cell& cell, const std::string& field) {
  StartSpec start;
  const std::optional<std::string> text = read_text(context, cell, field);
  if (!text || *text == "arrival") return start;
  if (text->rfind(kEvents, 0) == 0) {
    start.kind = StartKind::event;
    const Cell id = piece_of(cell, kEvents.size(), std::string_view{*text}.substr(kEvents.size()));
    start.subject = find_name(context, id, field, context.events).value_or(0);
    return start;
  }
  start.kind = StartKind::setting;
  if (const auto setting = context.settings.find(*text)) {
    start.subject = *setting;
    return start;
  }
  std::vector<std::string> known = context.settings.all();
  known.emplace_back("arrival");
  for (const std::string& event : context.events.all()) known.push_back(std::string{kEvents} + event);
  context.error(cell.at, code("name-unknown"), field, "unknown start \"" + *text + '"',
                "a clock starts on arrival, on entering a setting, or with an event: events.ID",
                did_you_mean(*text, known));
  return start;
}

TimerSpec read_timer(Context& context, const RowView& row) {
  TimerSpec timer;
  timer.id = row.row.id;
  timer.at = row.row.at;
  if (context.events.find(timer.id))
    context.error(id_place(row.row), code("id-taken"), row.address, '"' + timer.id + "\" is an event already",
                  "results name events and timers by their ids in one list", "Choose another id.");
  if (const Cell* cell = row.find("from"))
    timer.from = read_start(context, *cell, row.path("from"));
  else
    missing_field(context, row, "from", "a timer runs from something", "Write from = \"arrival\", or a setting.");
  if (const Cell* cell = row.find("after")) {
    if (auto after = read_distribution(context, *cell, row.path("after"))) timer.after = std::move(*after);
  } else {
    missing_field(context, row, "after", "a timer rings a time after its start", "Write after = \"90 d\".");
  }
  if (const Cell* cell = row.find("repeat"))
    timer.repeat = read_yes(context, *cell, row.path("repeat")).value_or(false);
  timer.holds = read_when(context, row, "while");
  if (auto route = read_own_route(context, row, Origin::timer)) timer.routes.push_back(std::move(*route));
  timer.provenance = read_provenance(context, row);
  return timer;
}

std::vector<std::uint32_t> read_reach(Context& context, const Cell& cell, const std::string& field) {
  std::vector<std::uint32_t> settings;
  if (cell.is_table()) {
    read_text(context, cell, field);
    return settings;
  }
  const std::vector<Cell> items = pieces_of(cell, '|');
  if (items.empty() || items.size() > 32)
    context.error(cell.at, code("list-length"), field, "names " + std::to_string(items.size()) + " settings",
                  "a milestone is about 1 to 32 of them");
  for (const Cell& item : items) {
    const auto setting = find_name(context, item, field, context.settings);
    if (!setting) continue;
    if (std::find(settings.begin(), settings.end(), *setting) != settings.end())
      context.error(item.at, code("field-conflict"), field, '"' + item.text + "\" stands twice",
                    "it is entered or it is not");
    else
      settings.push_back(*setting);
  }
  return settings;
}

/// all, any, or how many of them.
std::uint32_t read_how(Context& context, const RowView& row, std::size_t count) {
  const auto all = static_cast<std::uint32_t>(count);
  const Cell* cell = row.find("how");
  if (cell == nullptr || (cell->is_text() && cell->text == "all")) return all;
  if (cell->is_text() && cell->text == "any") return 1;
  const bool is_word = cell->is_text() && cell->text.find_first_of("0123456789") == std::string::npos;
  if (is_word || cell->is_list() || cell->is_table()) {
    if (!is_word) {
      read_text(context, *cell, row.path("how"));
      return all;
    }
    context.error(cell->at, code("word-unknown"), row.path("how"), "unknown word \"" + cell->text + '"',
                  "it is all, any, or a number", did_you_mean(cell->text, {"all", "any"}));
    return all;
  }
  const double most = std::max(1.0, static_cast<double>(count));
  return static_cast<std::uint32_t>(
      read_scalar(context, *cell, row.path("how"),
                  {.dimension = kPlain, .range = Range::between(1.0, most), .whole = true})
          .value_or(1.0));
}

MilestoneSpec read_milestone(Context& context, const RowView& row) {
  MilestoneSpec milestone;
  milestone.id = row.row.id;
  milestone.at = row.row.at;
  milestone.name = read_words(context, row, "name", row.row.id);
  if (const Cell* cell = row.find("from")) milestone.from = read_start(context, *cell, row.path("from"));
  if (const Cell* cell = row.find("reach"))
    milestone.settings = read_reach(context, *cell, row.path("reach"));
  else
    missing_field(context, row, "reach", "a milestone is reached by entering settings", "Write reach = [\"clinic\"].");
  const Cell* reach = row.find("reach");
  const bool is_list = reach != nullptr && !reach->is_table();
  milestone.needed = read_how(context, row, is_list ? pieces_of(*reach, '|').size() : 0);
  if (const Cell* cell = row.find("standard")) {
    const StandardSpec standard = read_standard(context, *cell, row.path("standard"));
    milestone.standard_days = standard.days;
    milestone.standard_business_days = standard.business_days;
  }
  if (const Cell* cell = row.find("do")) milestone.actions = read_actions(context, *cell, row.path("do"));
  return milestone;
}

}  // namespace

void read_timers(Context& context) {
  read_rows(context, "timers", context.timers, context.model.timers,
            [](Context& in, const RowView& row) { return read_timer(in, row); });
}

void read_milestones(Context& context) {
  read_rows(context, "milestones", context.milestones, context.model.milestones,
            [](Context& in, const RowView& row) { return read_milestone(in, row); });
}

}  // namespace tl::reading
