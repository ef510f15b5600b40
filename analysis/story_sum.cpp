#include <algorithm>
#include <string>

#include "analysis/story.hpp"

namespace tl {
namespace {

/// What was added up of a place, a request's goal, a program or an event, in the order first met.
struct Sum {
  std::string name;
  std::uint32_t times = 0;
  SimTime length;
};

class Sums {
 public:
  void add(const std::string& name, SimTime length) {
    auto at = std::find_if(sums_.begin(), sums_.end(), [&](const Sum& sum) { return sum.name == name; });
    if (at == sums_.end()) at = sums_.insert(sums_.end(), Sum{name, 0, {}});
    ++at->times;
    at->length = at->length + length;
  }
  void sort_by_length() {
    std::stable_sort(sums_.begin(), sums_.end(), [](const Sum& a, const Sum& b) { return a.length > b.length; });
  }
  /// "Street 4.3 d (2 times), ...": empty when there is nothing.
  std::string words(bool lengths) const {
    std::string text;
    for (const Sum& sum : sums_) {
      text += (text.empty() ? "" : ", ") + sum.name;
      if (lengths) text += ' ' + length_words(sum.length);
      if (sum.times > 1) text += " (" + std::to_string(sum.times) + " times)";
    }
    return text;
  }

 private:
  std::vector<Sum> sums_;
};

std::string name_of(const Compiled& compiled, std::uint32_t row) {
  const SettingWords& words = compiled.words.settings[row];
  return words.name.empty() ? words.id : words.name;
}

/// The place people see: a line is the waiting before its setting.
std::string place_name(const Compiled& compiled, std::uint32_t row) {
  const SettingId of = compiled.model.settings[row].line_of;
  const bool line = compiled.model.settings[row].kind == SettingKind::line;
  return line && of.exists() ? "in line for " + name_of(compiled, of.index()) : name_of(compiled, row);
}

class Adding {
 public:
  explicit Adding(const Compiled& compiled) : compiled_{compiled} {}

  void add(const StoryRecord& record) {
    if (record.what == StoryRecord::What::moved || record.what == StoryRecord::What::left) {
      leave_place(record.at);
      place_ = record.what == StoryRecord::What::moved ? record.to : SettingId{};
      since_ = record.at;
    }
    if (record.what == StoryRecord::What::told) add(record.story);
  }
  void leave_place(SimTime at) {
    if (place_.exists() && at > since_) places_.add(place_name(compiled_, place_.index()), at - since_);
    if (boards_for_.exists()) boarding_.add(name_of(compiled_, boards_for_.index()), at - boards_since_);
    boards_for_ = SettingId{};
  }
  std::vector<std::string> lines(const std::string& first) {
    places_.sort_by_length();
    std::vector<std::string> lines{first};
    const auto tell = [&](const char* what, const std::string& words) {
      if (!words.empty()) lines.push_back(what + words + '.');
    };
    tell("Places: ", places_.words(true));
    tell("Waited until there was room: ", waits_.words(true));
    tell("Waited in vain: ", given_up_.words(true));
    tell("Boarding, after the stay was over: for ", boarding_.words(true));
    tell("Programs: ", programs_.words(true));
    tell("Events: ", events_.words(false));
    tell("Counted as: ", outcomes_.words(false));
    return lines;
  }

 private:
  void add(const Story& story) {
    const Catalogue& words = compiled_.words;
    if (story.kind == StoryKind::boards && !boards_for_.exists()) {
      boards_for_ = SettingId{story.subject};
      boards_since_ = story.at;
    }
    if (story.kind == StoryKind::granted && story.length > SimTime{})
      waits_.add(name_of(compiled_, story.subject), story.length);
    if (story.kind == StoryKind::gave_up) given_up_.add(name_of(compiled_, story.subject), story.length);
    if (story.kind == StoryKind::unenrolled) programs_.add(name_of(compiled_, story.subject), story.length);
    if (story.kind == StoryKind::event && story.subject < words.events.size())
      events_.add(words.events[story.subject], {});
    if (story.kind == StoryKind::outcome && story.subject < words.outcomes.size())
      outcomes_.add(words.outcomes[story.subject], {});
  }

  const Compiled& compiled_;
  Sums places_, boarding_, waits_, given_up_, programs_, events_, outcomes_;
  SettingId place_, boards_for_;
  SimTime since_, boards_since_;
};

}  // namespace

std::vector<std::string> story_sum(const std::vector<StoryRecord>& records, const Compiled& compiled) {
  if (records.empty()) return {};
  Adding sums{compiled};
  for (const StoryRecord& record : records) sums.add(record);
  const bool left = records.back().what == StoryRecord::What::left;
  const SimTime end = left ? records.back().at : compiled.model.end;
  if (!left) sums.leave_place(end);
  return sums.lines("In the model for " + length_words(end - records.front().at) +
                    (left ? "." : ", and still there when the run ended."));
}

}  // namespace tl
