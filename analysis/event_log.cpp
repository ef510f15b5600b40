#include "analysis/event_log.hpp"

#include <algorithm>

#include "analysis/html.hpp"
#include "analysis/table_text.hpp"

namespace tl {

SampleKeeper::SampleKeeper(const CompiledModel& model, const std::vector<std::uint32_t>& numbers) {
  for (const std::uint32_t number : numbers) keepers_.emplace(number, StoryKeeper{model, number});
}

void SampleKeeper::entered(std::uint32_t number, const ClientKey& key, SimTime at) {
  if (const auto keeper = keepers_.find(number); keeper != keepers_.end()) keeper->second.entered(number, key, at);
}
void SampleKeeper::moved(std::uint32_t number, SettingId from, SettingId to, SimTime at) {
  if (const auto keeper = keepers_.find(number); keeper != keepers_.end()) keeper->second.moved(number, from, to, at);
}
void SampleKeeper::left(std::uint32_t number, ReasonId reason, SimTime at) {
  if (const auto keeper = keepers_.find(number); keeper != keepers_.end()) keeper->second.left(number, reason, at);
}
void SampleKeeper::told(const Story& story) {
  if (const auto keeper = keepers_.find(story.number); keeper != keepers_.end()) keeper->second.told(story);
}

std::map<std::uint32_t, std::vector<StoryRecord>> SampleKeeper::records() const {
  std::map<std::uint32_t, std::vector<StoryRecord>> all;
  for (const auto& [number, keeper] : keepers_)
    if (!keeper.records().empty()) all.emplace(number, keeper.records());
  return all;
}

std::vector<std::uint32_t> sample_of(std::uint32_t clients, std::uint32_t most) {
  std::vector<std::uint32_t> numbers;
  const std::uint32_t count = std::min(clients, most);
  for (std::uint32_t i = 0; i < count; ++i)
    numbers.push_back(1 + static_cast<std::uint32_t>(std::uint64_t{i} * clients / count));
  return numbers;
}

namespace {

std::string place_name(const Compiled& compiled, SettingId setting) {
  const SettingWords& words = compiled.words.settings[setting.index()];
  return words.name.empty() ? words.id : words.name;
}

std::string place_id(const Compiled& compiled, SettingId setting) {
  return compiled.words.settings[setting.index()].id;
}

bool is_outside(const Compiled& compiled, SettingId setting) {
  return !setting.exists() || place_id(compiled, setting) == "outside";
}

/// In the life cycle of being in a setting; empty: an activity of its own.
std::string transition_of(StoryKind kind) {
  switch (kind) {
    case StoryKind::asked:
      return "schedule";
    case StoryKind::granted:
      return "assign";
    case StoryKind::refused:
    case StoryKind::gave_up:
    case StoryKind::replaced:
    case StoryKind::dropped:
      return "withdraw";
    case StoryKind::lost:
      return "pi_abort";
    case StoryKind::enrolled:
      return "start";
    case StoryKind::unenrolled:
      return "complete";
    case StoryKind::paused:
      return "suspend";
    case StoryKind::resumed:
      return "resume";
    default:
      return "";
  }
}

LogEvent told_event(const StoryRecord& record, const Compiled& compiled) {
  const StoryCells cells = story_cells(record, compiled);
  const Story& story = record.story;
  const bool is_of_setting = story.kind != StoryKind::event && story.kind != StoryKind::outcome &&
                             story.kind != StoryKind::milestone && story.kind != StoryKind::token_given &&
                             story.kind != StoryKind::token_lapsed && story.subject < compiled.words.settings.size();
  const std::string name = is_of_setting ? place_name(compiled, SettingId{story.subject}) : cells.subject;
  const std::string place = is_of_setting ? cells.subject : std::string{};
  const std::string transition = transition_of(story.kind);
  if (!transition.empty()) return {record.at, name, transition, cells.kind, place};
  const bool says_itself = !is_of_setting && story.kind != StoryKind::token_lapsed;
  return {record.at, says_itself ? name : cells.kind + ": " + name, "complete", cells.kind, place};
}

}  // namespace

std::vector<LogEvent> log_events(const std::vector<StoryRecord>& records, const Compiled& compiled) {
  std::vector<LogEvent> events;
  SettingId here;
  const auto leave = [&](SimTime at) {
    if (!is_outside(compiled, here))
      events.push_back({at, place_name(compiled, here), "complete", "moved", place_id(compiled, here)});
  };
  for (const StoryRecord& record : records) {
    switch (record.what) {
      case StoryRecord::What::came:
        events.push_back({record.at, record.new_client ? "came" : "was there at the start", "complete", "came", ""});
        break;
      case StoryRecord::What::moved:
        leave(record.at);
        here = record.to;
        if (!is_outside(compiled, here))
          events.push_back({record.at, place_name(compiled, here), "start", "moved", place_id(compiled, here)});
        break;
      case StoryRecord::What::left: {
        leave(record.at);
        const std::string& reason = compiled.words.reasons[record.reason.index()];
        events.push_back({record.at, "left: " + reason, "complete", "left", ""});
        break;
      }
      case StoryRecord::What::told:
        events.push_back(told_event(record, compiled));
        break;
    }
  }
  return events;
}

std::string LogCase::id() const {
  return scenario + '-' + std::to_string(replication) + '-' + std::to_string(number);
}

namespace {

/// "2021-03-04T14:10:05.000+00:00"
std::string iso_time(const Compiled& compiled, SimTime at) {
  std::string text = civil_time(compiled, at, true);
  std::replace(text.begin(), text.end(), ' ', 'T');
  return text + ".000+00:00";
}

std::string tag(const char* type, const char* key, const std::string& value) {
  return std::string{"<"} + type + " key=\"" + key + "\" value=\"" + escaped(value) + "\"/>";
}

std::string event_xes(const LogEvent& event, const Compiled& compiled) {
  return "    <event>" + tag("string", "concept:name", event.activity) +
         tag("string", "lifecycle:transition", event.transition) +
         tag("date", "time:timestamp", iso_time(compiled, event.at)) + tag("string", "kind", event.kind) +
         (event.place.empty() ? "" : tag("string", "place", event.place)) + "</event>\n";
}

constexpr const char* kXesHead = R"(<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <global scope="trace">
    <string key="concept:name" value=""/>
  </global>
  <global scope="event">
    <string key="concept:name" value=""/>
    <string key="lifecycle:transition" value="complete"/>
    <date key="time:timestamp" value="2000-01-01T00:00:00.000+00:00"/>
  </global>
  <classifier name="Activity" keys="concept:name"/>
  <classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>
)";

}  // namespace

std::string to_csv(const std::vector<LogCase>& cases) {
  std::string text = "case,scenario,replication,client,activity,transition,time,kind,place\r\n";
  for (const LogCase& one : cases)
    for (const LogEvent& event : one.events) {
      text += csv_cell(one.id()) + ',' + csv_cell(one.scenario) + ',' + std::to_string(one.replication) + ',' +
              std::to_string(one.number) + ',' + csv_cell(event.activity) + ',' + event.transition + ',' +
              civil_time(*one.compiled, event.at, true) + ',' + csv_cell(event.kind) + ',' + csv_cell(event.place) +
              "\r\n";
    }
  return text;
}

std::string to_xes(const std::vector<LogCase>& cases, const std::string& study) {
  std::string text = kXesHead;
  text += "  " + tag("string", "concept:name", study) + "\n  " + tag("string", "lifecycle:model", "standard") + "\n";
  for (const LogCase& one : cases) {
    text += "  <trace>\n    " + tag("string", "concept:name", one.id()) + tag("string", "scenario", one.scenario) +
            tag("int", "replication", std::to_string(one.replication)) +
            tag("int", "client", std::to_string(one.number)) +
            tag("boolean", "was_there_at_the_start", one.was_there ? "true" : "false") + "\n";
    for (const LogEvent& event : one.events) text += event_xes(event, *one.compiled);
    text += "  </trace>\n";
  }
  return text + "</log>\n";
}

}  // namespace tl
