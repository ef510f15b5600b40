#include "apps/cli/starter_study.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/numbers.hpp"

namespace tl {
namespace {

/// Remarks and the lines of TOML they are about.
struct Part {
  std::vector<std::string> remarks, lines;
  bool sleeps = true;
};

std::string written(const Part& part, bool awake) {
  std::string text;
  for (const std::string& remark : part.remarks) text += (remark.empty() ? "#" : "# " + remark) + '\n';
  for (const std::string& line : part.lines) text += (awake ? "" : "#") + line + '\n';
  return text + '\n';
}

std::string written(const std::vector<Part>& parts, const Part* awake) {
  std::string text;
  for (const Part& part : parts) text += written(part, !part.sleeps || &part == awake);
  while (text.size() > 1 && text.ends_with("\n\n")) text.pop_back();
  return text;
}

/// A TOML string; names of people's files and settings may hold anything.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return out + '"';
}

/// The setting with a limit that is full first as demand grows: where 10 % more is worth looking at.
const FlowReport::Row* tightest(const StudiedModel& studied) {
  for (const std::uint32_t row : studied.flow.first_to_fill) {
    const SettingSpec& setting = studied.model.settings[row];
    const FlowReport::Row& flow = studied.flow.rows[row];
    if (setting.capacity && flow.capacity >= 1.0 && std::isfinite(flow.saturates_at)) return &flow;
  }
  return nullptr;
}

const ArrivalSpec* first_stream(const Model& model) {
  const auto found = std::find_if(model.arrivals.begin(), model.arrivals.end(),
                                  [](const ArrivalSpec& one) { return one.rate.has_value(); });
  return found == model.arrivals.end() ? nullptr : &*found;
}

std::string words(const std::string& id) {
  std::string text = id;
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

void add_head(const StudiedModel& studied, std::vector<Part>& parts) {
  const std::string of = studied.model.name.empty() ? studied.path : studied.model.name;
  parts.push_back(
      {{"What if ...? A study of " + quoted(of) + ".",
        "It runs scenarios of one model and compares them: the same people come, with the same luck, so a",
        "difference is due to what you change.", "",
        "Lines that begin with # and a blank are remarks. Lines that begin with # and no blank are parts that",
        "sleep: take the # away to use them. Check after each change, with throughline check."},
       {},
       false});
  parts.push_back(
      {{}, {"[study]", "model = " + quoted(studied.path), "about = \"What you want to know, in a sentence\""}, false});
  parts.push_back({{"Of the model: " + std::to_string(studied.model.replications) +
                    " replications. More make intervals narrower: four times as many, half as wide."},
                   {"replications = 20"}});
  parts.push_back({{"Instead of a number of replications: as many as it takes to know the results within 2 %."},
                   {"precision = \"2%\""}});
  parts.push_back({{"How long results are taken, instead of the model's " +
                    exact(std::round(studied.model.horizon_days)) + " days."},
                   {"horizon = \"2 y\""}});
  parts.push_back({{"How long the model runs before results begin."}, {"warmup = \"1 y\""}});
  parts.push_back(
      {{"To try things out: a tenth of the people and beds, in a tenth of the time. Results are of the whole,",
        "but queues come out too long. Take it away again for what you report."},
       {"population_scale = 0.1"}});
}

void add_capacity(const StudiedModel& studied, const FlowReport::Row& row, std::vector<Part>& parts) {
  const SettingSpec& setting = studied.model.settings[row.setting];
  const double more = std::max(1.0, std::round(row.capacity * 0.1));
  const bool is_dated = !setting.capacity->dated.empty();
  const std::string name = setting.words.name;
  parts.push_back(
      {{"A scenario changes the model by set (the number becomes), scale (times) and add (plus). An address is",
        "table.row.field, in quotes. Without limits elsewhere, " + name + " would be full at " +
            shown(row.saturates_at, 2) + " times",
        "the demand, first of all settings. Here it has a tenth more."},
       {"[scenarios.more_" + setting.words.id + "]",
        "name = " + quoted(name + ": " + exact(more) + " more" +
                           (is_dated ? "" : ", " + exact(row.capacity + more) + " instead of " + exact(row.capacity))),
        "add = { \"settings." + setting.words.id + ".capacity\" = " + exact(more) + " }"},
       false});
}

void add_scenarios(const StudiedModel& studied, std::vector<Part>& parts) {
  parts.push_back({{"The first scenario is what the others are compared with: the model as written."},
                   {"[scenarios.baseline]", "name = \"As it is\""},
                   false});
  const ArrivalSpec* stream = first_stream(studied.model);
  const FlowReport::Row* full = tightest(studied);
  if (full != nullptr) add_capacity(studied, *full, parts);
  if (stream != nullptr)
    parts.push_back({{"Prevention: one in ten fewer come. All others stay who they are."},
                     {"[scenarios.fewer_" + stream->id + "]", "name = " + quoted("A tenth fewer " + words(stream->id)),
                      "scale = { \"arrivals." + stream->id + ".rate\" = 0.9 }"},
                     full != nullptr});
  if (full == nullptr) return;
  const std::string& id = studied.model.settings[full->setting].words.id;
  parts.push_back({{"Shorter stays, and the beds too: `base` takes another scenario's changes first."},
                   {"[scenarios.shorter_" + id + "]", "name = \"Stays a tenth shorter, and the beds\"",
                    "base = \"more_" + id + "\"", "scale = { \"settings." + id + ".stay\" = 0.9 }"}});
}

/// Rows of a table, whether it stands among the tables or, as a table within a table, in the head.
std::vector<std::string> ids_of(const Document& rows, const std::string& table) {
  std::vector<std::string> ids;
  if (const Table* found = rows.find(table))
    for (const Row& row : found->rows) ids.push_back(row.id);
  if (const Cell* held = rows.head.find(table))
    for (const auto& [name, cell] : held->fields) ids.push_back(name);
  return ids;
}

/// A few levers as examples, and the names of the others.
void add_levers(const StudiedModel& studied, std::vector<Part>& parts) {
  constexpr std::size_t kMost = 3;
  const std::vector<std::string> ids = ids_of(studied.rows, "levers");
  std::string others;
  for (std::size_t i = kMost; i < ids.size(); ++i) others += (others.empty() ? "" : ", ") + ids[i];
  for (std::size_t i = 0; i < std::min(ids.size(), kMost); ++i) {
    Part part{{"A lever of the model: strength 0 is without it, 1 is all of it."},
              {"[scenarios.with_" + ids[i] + "]", "name = " + quoted("With " + words(ids[i])),
               "levers = { " + ids[i] + " = 1 }"}};
    if (i == 0 && !others.empty()) part.remarks.push_back("It has more: " + others + '.');
    parts.push_back(part);
  }
  if (ids.size() < 2) return;
  parts.push_back({{"Levers together, one at half its strength."},
                   {"[scenarios.levers_together]", "name = \"Two levers\"",
                    "levers = { " + ids[0] + " = 1, " + ids[1] + " = 0.5 }"}});
}

const ParameterWords* first_range(const Model& model) {
  const auto found = std::find_if(model.parameters.begin(), model.parameters.end(), [](const ParameterWords& one) {
    return one.used && one.low < one.value && one.value < one.high;
  });
  return found == model.parameters.end() ? nullptr : &*found;
}

void add_parameter(const StudiedModel& studied, std::vector<Part>& parts) {
  const ParameterWords* parameter = first_range(studied.model);
  if (parameter == nullptr) return;
  parts.push_back({{"A number you are not sure of, at the high end of its range in the model."},
                   {"[scenarios.high_" + parameter->id + "]", "name = " + quoted("High " + words(parameter->id)),
                    "set = { \"parameters." + parameter->id + "\" = " + exact(parameter->high) + " }"}});
}

void add_sweep(const StudiedModel& studied, std::vector<Part>& parts) {
  std::vector<std::string> lines{"[sweep]", "design = \"grid\"", "[sweep.over]"};
  if (const FlowReport::Row* full = tightest(studied)) {
    const double step = std::max(1.0, std::round(full->capacity * 0.1));
    std::string factors = "\"settings." + studied.model.settings[full->setting].words.id + ".capacity\" = [";
    for (int i = 0; i < 4; ++i) factors += (i == 0 ? "" : ", ") + exact(full->capacity + step * i);
    lines.push_back(factors + "]");
  }
  if (const ParameterWords* parameter = first_range(studied.model))
    lines.push_back("\"parameters." + parameter->id + "\" = { low = " + exact(parameter->low) +
                    ", high = " + exact(parameter->high) + " }");
  if (lines.size() == 3) return;
  parts.push_back({{"A sweep runs many points instead of a few scenarios: here every combination of these."}, lines});
  if (first_range(studied.model) != nullptr)
    parts.push_back({{"What is not known, apart from what is chance: parameters are drawn within their low and high."},
                     {"[uncertain]", "draws = 20"}});
}

}  // namespace

std::string starter_study(const StudiedModel& studied, const std::function<bool(const std::string&)>& accepts) {
  std::vector<Part> parts;
  add_head(studied, parts);
  add_scenarios(studied, parts);
  add_parameter(studied, parts);
  add_levers(studied, parts);
  add_sweep(studied, parts);
  std::vector<Part> kept;
  for (const Part& part : parts)
    if (!part.sleeps || accepts(written(parts, &part))) kept.push_back(part);
  return written(kept, nullptr);
}

}  // namespace tl
