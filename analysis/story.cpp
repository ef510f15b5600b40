#include "analysis/story.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>

#include "analysis/numbers.hpp"
#include "models/calendar_dates.hpp"

namespace tl {
namespace {

struct KindWords {
  StoryKind kind;
  const char* name;      ///< in tables
  const char* sentence;  ///< "@" = the subject, "#" = the length
};
constexpr std::array kKinds{
    KindWords{StoryKind::stay_ended, "stay_ended", "the stay in @ was over"},
    KindWords{StoryKind::delayed, "delayed", "ready to leave, but held up for #"},
    KindWords{StoryKind::boards, "boards", "waits here for @ (boarding)"},
    KindWords{StoryKind::asked, "asked", "asked for @"},
    KindWords{StoryKind::granted, "granted", "@ had room after #"},
    KindWords{StoryKind::refused, "refused", "@ refused"},
    KindWords{StoryKind::gave_up, "gave_up", "gave up waiting for @ after #"},
    KindWords{StoryKind::replaced, "replaced", "asked for another place instead of @"},
    KindWords{StoryKind::dropped, "dropped", "no longer waits for @"},
    KindWords{StoryKind::handoff_begun, "handoff_begun", "the handoff to @ takes #"},
    KindWords{StoryKind::lost, "lost", "was lost on the way to @"},
    KindWords{StoryKind::event, "event", "@ happened"},
    KindWords{StoryKind::enrolled, "enrolled", "began @"},
    KindWords{StoryKind::unenrolled, "unenrolled", "ended @ after #"},
    KindWords{StoryKind::paused, "paused", "@ pauses"},
    KindWords{StoryKind::resumed, "resumed", "@ goes on"},
    KindWords{StoryKind::outcome, "outcome", "counted as @"},
    KindWords{StoryKind::parked, "parked", "cannot come to @ now, and is passed over there"},
    KindWords{StoryKind::unparked, "unparked", "can come to @ again"},
    KindWords{StoryKind::preempted, "preempted", "made room in @ for somebody more urgent"},
    KindWords{StoryKind::claim_made, "claim_made", "the place in @ is kept"},
    KindWords{StoryKind::claim_ended, "claim_ended", "the place in @ is no longer kept"},
    KindWords{StoryKind::came_back, "came_back", "came back to @, where the place had been kept"},
    KindWords{StoryKind::token_given, "token_given", "has @ now"},
    KindWords{StoryKind::token_lapsed, "token_lapsed", "@ is no longer valid"},
    KindWords{StoryKind::milestone, "milestone", "reached @ after #"},
    KindWords{StoryKind::swapped, "swapped", "changed places with others who waited for each other, into @"},
};

const KindWords& words_of(StoryKind kind) {
  return *std::find_if(kKinds.begin(), kKinds.end(), [kind](const KindWords& one) { return one.kind == kind; });
}

std::string at_or(const std::vector<std::string>& names, std::uint32_t row) {
  if (row >= names.size()) return "number " + std::to_string(row);
  std::string name = names[row];
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string setting_name(const Compiled& compiled, std::uint32_t row) {
  const std::vector<SettingWords>& settings = compiled.words.settings;
  if (row >= settings.size()) return "number " + std::to_string(row);
  if (settings[row].kind == "line") {
    for (std::uint32_t other = 0; other < settings.size(); ++other)
      if (settings[other].id == settings[row].line_of) return "the line for " + setting_name(compiled, other);
  }
  return settings[row].name.empty() ? settings[row].id : settings[row].name;
}

/// The name for people (id: as the model's files have it).
std::string subject_of(const Story& story, const Compiled& compiled, bool id) {
  const Catalogue& words = compiled.words;
  switch (story.kind) {
    case StoryKind::event:
      return at_or(words.events, story.subject);
    case StoryKind::outcome:
      return at_or(words.outcomes, story.subject);
    case StoryKind::milestone:
      return at_or(words.milestones, story.subject);
    case StoryKind::token_given:
    case StoryKind::token_lapsed:
      return at_or(words.tokens, story.subject);
    default:
      return id && story.subject < words.settings.size() ? words.settings[story.subject].id
                                                         : setting_name(compiled, story.subject);
  }
}

std::string sentence(const Story& story, const Compiled& compiled) {
  if (story.kind == StoryKind::granted && story.length == SimTime{})
    return subject_of(story, compiled, false) + " had room at once";
  std::string text;
  for (const char* at = words_of(story.kind).sentence; *at != '\0'; ++at) {
    if (*at == '@')
      text += subject_of(story, compiled, false);
    else if (*at == '#')
      text += length_words(story.length);
    else
      text += *at;
  }
  return text;
}

std::string reason_name(const Compiled& compiled, ReasonId reason) {
  return reason.exists() ? at_or(compiled.words.reasons, reason.index()) : "";
}

bool is_line(const Compiled& compiled, SettingId setting) {
  return setting.exists() && compiled.model.settings[setting.index()].kind == SettingKind::line;
}

/// What goes without saying: an unlimited place has room at once, and is there to go back to.
bool goes_without_saying(const StoryRecord& record, const Compiled& compiled) {
  if (record.what != StoryRecord::What::told) return false;
  const Story& story = record.story;
  const bool about_room = story.kind == StoryKind::asked || story.kind == StoryKind::claim_made ||
                          story.kind == StoryKind::claim_ended ||
                          (story.kind == StoryKind::granted && story.length == SimTime{});
  if (!about_room || story.subject >= compiled.model.settings.size()) return false;
  const Setting& setting = compiled.model.settings[story.subject];
  return setting.capacity == kUnlimited && !setting.has_more;
}

std::string move_words(const StoryRecord& record, const Compiled& compiled) {
  if (is_line(compiled, record.to)) return "stands in " + setting_name(compiled, record.to.index());
  return "went to " + setting_name(compiled, record.to.index());
}

std::string own_words(const StoryRecord& record, const Compiled& compiled) {
  switch (record.what) {
    case StoryRecord::What::came:
      return record.new_client ? "came into the model" : "was there when the run began";
    case StoryRecord::What::moved:
      return move_words(record, compiled);
    case StoryRecord::What::left:
      return "left the model: " + reason_name(compiled, record.reason);
    case StoryRecord::What::told:
      return sentence(record.story, compiled);
  }
  return "";
}

/// Lines of one instant. What is told before a move led to it.
class Instant {
 public:
  Instant(const Compiled& compiled, std::vector<StoryLine>& into) : compiled_{compiled}, into_{into} {}

  void add(const StoryRecord& record, SimTime since_last_move) {
    if (goes_without_saying(record, compiled_)) return;
    at_ = record.at;
    std::string words = own_words(record, compiled_);
    if (record.what == StoryRecord::What::told && record.story.kind == StoryKind::stay_ended &&
        !since_last_move.is_never())
      words += " after " + length_words(since_last_move);
    if (record.what == StoryRecord::What::came || record.what == StoryRecord::What::told)
      before_.push_back(std::move(words));
    else
      put(words);
  }
  void end() {
    if (before_.empty()) return;
    into_.push_back({at_, joined(before_)});
    before_.clear();
  }

 private:
  static std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
    return text;
  }
  void put(const std::string& words) {
    into_.push_back({at_, words + (before_.empty() ? "" : " (" + joined(before_) + ')')});
    before_.clear();
  }

  const Compiled& compiled_;
  std::vector<StoryLine>& into_;
  SimTime at_;
  std::vector<std::string> before_;
};

/// Somebody who stands in a line for no time at all was never there, as people see it.
bool is_passing(const std::vector<StoryRecord>& records, std::size_t index, const Compiled& compiled) {
  const StoryRecord& record = records[index];
  if (record.what != StoryRecord::What::moved || !is_line(compiled, record.to)) return false;
  for (std::size_t later = index + 1; later < records.size() && records[later].at == record.at; ++later)
    if (records[later].what == StoryRecord::What::moved || records[later].what == StoryRecord::What::left) return true;
  return false;
}

/// That there was room at once says that it was asked for.
bool is_answered_at_once(const std::vector<StoryRecord>& records, std::size_t index) {
  const StoryRecord& record = records[index];
  if (record.what != StoryRecord::What::told || record.story.kind != StoryKind::asked) return false;
  for (std::size_t later = index + 1; later < records.size() && records[later].at == record.at; ++later) {
    const Story& story = records[later].story;
    if (records[later].what == StoryRecord::What::told && story.kind == StoryKind::granted &&
        story.subject == record.story.subject)
      return story.length == SimTime{};
  }
  return false;
}

}  // namespace

StoryCounter::StoryCounter(const CompiledModel& model, std::vector<std::uint32_t> through)
    : model_{model}, through_{std::move(through)} {
  TL_EXPECTS(through_.size() <= 32);
  wanted_ = through_.size() == 32 ? 0xffffffffU : (std::uint32_t{1} << through_.size()) - 1U;
}

StoryCounter::Count& StoryCounter::of(std::uint32_t number) {
  if (counts_.size() < number) counts_.resize(number);
  return counts_[number - 1];
}

void StoryCounter::pass(Count& count, std::uint32_t setting) const {
  for (std::size_t i = 0; i < through_.size(); ++i)
    if (through_[i] == setting) count.passed |= std::uint32_t{1} << i;
}

void StoryCounter::entered(std::uint32_t number, const ClientKey&, SimTime) {
  of(number);
}

void StoryCounter::moved(std::uint32_t number, SettingId, SettingId to, SimTime) {
  if (model_.settings[to.index()].kind == SettingKind::line) return;
  Count& count = of(number);
  ++count.moves;
  count.places |= std::uint64_t{1} << (to.index() & 63U);
  pass(count, to.index());
}

void StoryCounter::told(const Story& story) {
  if (story.kind == StoryKind::enrolled) pass(of(story.number), story.subject);
}

StoryLength StoryCounter::length_of(std::uint32_t number) const {
  const Count& count = counts_[number - 1];
  return {number, count.moves, static_cast<std::uint32_t>(std::popcount(count.places))};
}

std::vector<StoryLength> StoryCounter::longest(std::size_t most) const {
  std::vector<StoryLength> all;
  const auto better = [](const StoryLength& a, const StoryLength& b) {
    return a.places != b.places ? a.places > b.places : a.moves != b.moves ? a.moves < b.moves : a.number < b.number;
  };
  for (std::uint32_t number = 1; number <= clients(); ++number) {
    if (!matches(counts_[number - 1])) continue;
    const StoryLength one = length_of(number);
    if (all.size() == most && !better(one, all.back())) continue;
    all.insert(std::upper_bound(all.begin(), all.end(), one, better), one);
    if (all.size() > most) all.pop_back();
  }
  return all;
}

std::size_t StoryCounter::matching() const {
  return static_cast<std::size_t>(
      std::count_if(counts_.begin(), counts_.end(), [this](const Count& count) { return matches(count); }));
}

void StoryKeeper::entered(std::uint32_t number, const ClientKey& key, SimTime at) {
  clients_ = std::max(clients_, number);
  if (number != number_) return;
  StoryRecord record;
  record.what = StoryRecord::What::came;
  record.at = at;
  for (const InitialGroup& group : model_.initial)
    if (group.draw_id == key.stream) record.new_client = false;
  records_.push_back(record);
}

void StoryKeeper::moved(std::uint32_t number, SettingId from, SettingId to, SimTime at) {
  if (number != number_) return;
  StoryRecord record;
  record.what = StoryRecord::What::moved;
  record.at = at;
  record.from = from;
  record.to = to;
  records_.push_back(record);
}

void StoryKeeper::left(std::uint32_t number, ReasonId reason, SimTime at) {
  if (number != number_) return;
  StoryRecord record;
  record.what = StoryRecord::What::left;
  record.at = at;
  record.reason = reason;
  records_.push_back(record);
}

void StoryKeeper::told(const Story& story) {
  if (story.number != number_) return;
  StoryRecord record;
  record.what = StoryRecord::What::told;
  record.at = story.at;
  record.story = story;
  records_.push_back(record);
}

std::string civil_time(const Compiled& compiled, SimTime at, bool seconds) {
  CivilDate start;
  std::sscanf(compiled.words.start_date.c_str(), "%d-%d-%d", &start.year, &start.month, &start.day);
  const std::int64_t micros = (at - compiled.model.start).micros();
  std::int64_t day = micros / kMicrosPerDay, rest = micros % kMicrosPerDay;
  if (rest < 0) {
    rest += kMicrosPerDay;
    --day;
  }
  const auto second = static_cast<int>(rest / 1'000'000);
  std::array<char, 16> clock{};
  if (seconds)
    std::snprintf(clock.data(), clock.size(), " %02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
  else
    std::snprintf(clock.data(), clock.size(), " %02d:%02d", second / 3600, second / 60 % 60);
  return iso_date(civil_from_days(days_from_civil(start) + day)) + clock.data();
}

std::string length_words(SimTime length) {
  const double days = length.days();
  const auto in = [](double value, const char* unit) {
    std::string text = shown(value, value >= 10.0 ? 0 : 1);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text + unit;
  };
  if (length == SimTime{}) return "no time";
  if (days < 1.0 / 24.0) return days * 1440.0 < 1.0 ? "under 1 min" : in(days * 1440.0, " min");
  if (days < 2.0) return in(days * 24.0, " h");
  if (days < 2.0 * 365.25) return in(days, " d");
  return in(days / 365.25, " y");
}

std::vector<StoryLine> story_lines(const std::vector<StoryRecord>& records, const Compiled& compiled) {
  std::vector<StoryLine> lines;
  Instant instant{compiled, lines};
  SettingId place;
  SimTime placed;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const StoryRecord& record = records[i];
    if (i > 0 && record.at != records[i - 1].at) instant.end();
    if (is_passing(records, i, compiled) || is_answered_at_once(records, i)) continue;
    const bool of_place = place.exists() && record.story.subject == place.index();  // else: a program's stay
    instant.add(record, of_place ? record.at - placed : SimTime::never());
    if (record.what != StoryRecord::What::moved) continue;
    place = record.to;
    placed = record.at;
  }
  instant.end();
  return lines;
}

StoryCells story_cells(const StoryRecord& record, const Compiled& compiled) {
  const std::string words = own_words(record, compiled);
  switch (record.what) {
    case StoryRecord::What::came:
      return {"came", "", words, {}};
    case StoryRecord::What::moved:
      return {"moved", compiled.words.settings[record.to.index()].id, words, {}};
    case StoryRecord::What::left:
      return {"left", reason_name(compiled, record.reason), words, {}};
    case StoryRecord::What::told:
      return {words_of(record.story.kind).name, subject_of(record.story, compiled, true), words, record.story.length};
  }
  return {};
}

}  // namespace tl
