#include <algorithm>
#include <set>

#include "analysis/story.hpp"
#include "models/read_model.hpp"
#include "tests/catch.hpp"

using namespace tl;

namespace {

constexpr const char* kTown = R"(
[model]
name = "Town"
start = 2021-03-01
horizon = "200 d"

[settings.street]
capacity = "unlimited"
stay = "until_moved"

[settings.ward]
name = "Acute ward"
capacity = 6
stay = { kind = "exponential", mean = "14 d" }

[settings.flats]
name = "Supported flats"
capacity = 10
stay = { kind = "exponential", mean = "60 d" }

[settings.team]
name = "Street team"
kind = "program"
capacity = 5
stay = { kind = "exponential", mean = "20 d" }

[[routes]]
from = "ward"
to = "flats"
share = 0.5
[[routes]]
from = "ward"
to = "street"
share = "otherwise"
[[routes]]
from = "flats"
to = "leave:home"
[[routes]]
from = "team"
to = "end"

[arrivals.new]
rate = "1 / d"
to = "ward"

[events.crisis]
rate = "4 / y"
when = "place = street"
to = "ward"
do = ["request team"]

[[initial]]
place = "street"
count = 20
)";

Compiled town() {
  Problems problems;
  const auto model = read_model_text(kTown, "town.toml", {}, problems);
  INFO(to_text(problems));
  REQUIRE(model);
  auto compiled = compile(*model, {}, problems);
  REQUIRE(compiled);
  return *compiled;
}

std::uint32_t row_of(const Compiled& compiled, const std::string& id) {
  for (std::uint32_t row = 0; row < compiled.words.settings.size(); ++row)
    if (compiled.words.settings[row].id == id) return row;
  FAIL("no setting " + id);
  return 0;
}

std::uint32_t line_of(const Compiled& compiled, const std::string& id) {
  return compiled.model.settings[row_of(compiled, id)].line.index();
}

/// Records made by hand.
class Diary {
 public:
  explicit Diary(const Compiled& compiled) : compiled_{compiled} {}
  Diary& at(double days_of_results) {
    now_ = compiled_.model.start + SimTime::from_days(days_of_results);
    return *this;
  }
  Diary& came() { return add(StoryRecord::What::came); }
  Diary& moved(std::uint32_t to) {
    add(StoryRecord::What::moved);
    records.back().to = SettingId{to};
    return *this;
  }
  Diary& left() {
    add(StoryRecord::What::left);
    const std::vector<std::string>& reasons = compiled_.words.reasons;
    const auto home = std::find(reasons.begin(), reasons.end(), "home");
    records.back().reason = ReasonId{static_cast<std::uint32_t>(home - reasons.begin())};
    return *this;
  }
  Diary& told(StoryKind kind, std::uint32_t subject, double days = 0.0) {
    add(StoryRecord::What::told);
    records.back().story = {1, kind, subject, now_, SimTime::from_days(days)};
    return *this;
  }
  std::string text() const {
    std::string text;
    for (const StoryLine& line : story_lines(records, compiled_))
      text += civil_time(compiled_, line.at) + "  " + line.words + '\n';
    return text;
  }
  std::string sum() const {
    std::string text;
    for (const std::string& line : story_sum(records, compiled_)) text += line + '\n';
    return text;
  }
  std::vector<StoryRecord> records;

 private:
  Diary& add(StoryRecord::What what) {
    StoryRecord record;
    record.what = what;
    record.at = now_;
    records.push_back(record);
    return *this;
  }
  const Compiled& compiled_;
  SimTime now_;
};

void run_watched(const Compiled& compiled, Watcher& watcher, std::uint64_t replication = 0) {
  Simulation simulation{compiled.model};
  simulation.watch(&watcher);
  ReplicationResult result;
  simulation.run(3, replication, nullptr, result);
}

}  // namespace

TEST_CASE("a story in words: what led to a move stands beside it") {
  const Compiled compiled = town();
  const std::uint32_t ward = row_of(compiled, "ward"), flats = row_of(compiled, "flats"),
                      team = row_of(compiled, "team"), street = row_of(compiled, "street");
  Diary diary{compiled};
  diary.at(0.0).came().told(StoryKind::asked, ward).told(StoryKind::granted, ward).moved(ward);
  diary.at(0.75).told(StoryKind::stay_ended, ward).told(StoryKind::asked, flats).told(StoryKind::boards, flats);
  diary.at(5.05).told(StoryKind::granted, flats, 4.3).told(StoryKind::handoff_begun, flats, 1.0);
  diary.at(6.05).moved(flats);
  diary.at(20.0).told(StoryKind::event, 0).told(StoryKind::asked, ward).moved(line_of(compiled, "ward"));
  diary.at(22.0).told(StoryKind::gave_up, ward, 2.0).moved(street).told(StoryKind::enrolled, team);
  diary.at(30.0).told(StoryKind::stay_ended, team).told(StoryKind::unenrolled, team, 8.0);
  diary.at(800.0).left();
  CHECK(diary.text() ==
        "2021-03-01 00:00  went to Acute ward (came into the model; Acute ward had room at once)\n"
        "2021-03-01 18:00  the stay in Acute ward was over after 18 h; asked for Supported flats; waits here for "
        "Supported flats (boarding)\n"
        "2021-03-06 01:12  Supported flats had room after 4.3 d; the handoff to Supported flats takes 24 h\n"
        "2021-03-07 01:12  went to Supported flats\n"
        "2021-03-21 00:00  stands in the line for Acute ward (crisis happened; asked for Acute ward)\n"
        "2021-03-23 00:00  went to street (gave up waiting for Acute ward after 2 d)\n"
        "2021-03-23 00:00  began Street team\n"
        "2021-03-31 00:00  the stay in Street team was over; ended Street team after 8 d\n"
        "2023-05-10 00:00  left the model: home\n");
  CHECK(diary.sum() ==
        "In the model for 2.2 y.\n"
        "Places: street 2.1 y, Supported flats 14 d, Acute ward 6 d, in line for Acute ward 2 d.\n"
        "Waited until there was room: Supported flats 4.3 d.\n"
        "Waited in vain: Acute ward 2 d.\n"
        "Boarding, after the stay was over: for Supported flats 5.3 d.\n"
        "Programs: Street team 8 d.\n"
        "Events: crisis.\n");
}

TEST_CASE("every kind of story has its own words, that name what it is about") {
  const Compiled compiled = town();
  std::set<std::string> names, sentences;
  constexpr auto kLast = static_cast<std::uint32_t>(StoryKind::swapped);
  for (std::uint32_t kind = 0; kind <= kLast; ++kind) {
    Diary diary{compiled};
    const auto told = static_cast<StoryKind>(kind);
    // of an unlimited place these go without saying
    const bool about_room = told == StoryKind::asked || told == StoryKind::claim_made || told == StoryKind::claim_ended;
    diary.at(1.0).told(told, about_room ? row_of(compiled, "ward") : 0, 3.0);
    const StoryCells cells = story_cells(diary.records[0], compiled);
    names.insert(cells.kind);
    sentences.insert(cells.words);
    CHECK(cells.words.find_first_of("@#") == std::string::npos);
    CHECK(diary.text() == "2021-03-02 00:00  " + cells.words + '\n');
  }
  CHECK(names.size() == kLast + 1);
  CHECK(sentences.size() == kLast + 1);
}

TEST_CASE("that an unlimited place has room at once, and is there to go back to, goes without saying") {
  const Compiled compiled = town();
  const std::uint32_t street = row_of(compiled, "street");
  Diary diary{compiled};
  diary.at(1.0).told(StoryKind::asked, street).told(StoryKind::granted, street).told(StoryKind::claim_made, street);
  CHECK(diary.text().empty());
  diary.at(2.0).told(StoryKind::granted, street, 1.0);
  CHECK_FALSE(diary.text().empty());
}

TEST_CASE("lengths in the unit that suits them, instants in civil time") {
  const auto words = [](double days) { return length_words(SimTime::from_days(days)); };
  CHECK(words(0.0) == "no time");
  CHECK(words(10.0 / 86400.0) == "under 1 min");
  CHECK(words(25.0 / 1440.0) == "25 min");
  CHECK(words(19.0 / 24.0) == "19 h");
  CHECK(words(4.3) == "4.3 d");
  CHECK(words(400.0) == "400 d");
  CHECK(words(2.5 * 365.25) == "2.5 y");
  const Compiled compiled = town();
  CHECK(civil_time(compiled, compiled.model.start - SimTime::from_days(0.25)) == "2021-02-28 18:00");  // warm-up
  CHECK(civil_time(compiled, compiled.model.start + SimTime::from_days(364.5 + 1e-4), true) == "2022-02-28 12:00:08");
}

TEST_CASE("of those who stand in a line for no time nobody says so") {
  const Compiled compiled = town();
  Diary diary{compiled};
  diary.at(1.0).came().moved(line_of(compiled, "ward")).moved(row_of(compiled, "ward"));
  CHECK(diary.text() == "2021-03-02 00:00  went to Acute ward (came into the model)\n");
}

TEST_CASE("the second pass tells of the client the first one chose, the same each time") {
  const Compiled compiled = town();
  StoryCounter counter{compiled.model, {}};
  run_watched(compiled, counter);
  const std::vector<StoryLength> longest = counter.longest(5);
  REQUIRE(longest.size() == 5);
  CHECK(counter.matching() == counter.clients());
  for (std::size_t i = 0; i < longest.size(); ++i) {
    StoryKeeper keeper{compiled.model, longest[i].number}, again{compiled.model, longest[i].number};
    run_watched(compiled, keeper);
    run_watched(compiled, again);
    CHECK(keeper.clients() == counter.clients());
    std::uint32_t moves = 0;
    std::set<std::uint32_t> places;
    for (const StoryRecord& record : keeper.records()) {
      if (record.what != StoryRecord::What::moved) continue;
      if (compiled.model.settings[record.to.index()].kind == SettingKind::line) continue;
      ++moves;
      places.insert(record.to.index());
    }
    CHECK(moves == longest[i].moves);
    CHECK(places.size() == longest[i].places);
    if (i > 0) CHECK(longest[i].places <= longest[i - 1].places);
    CHECK(story_sum(keeper.records(), compiled) == story_sum(again.records(), compiled));
    CHECK(story_lines(keeper.records(), compiled).size() == story_lines(again.records(), compiled).size());
  }
}

TEST_CASE("only those are chosen who went through what was asked for") {
  const Compiled compiled = town();
  const std::uint32_t flats = row_of(compiled, "flats"), street = row_of(compiled, "street");
  StoryCounter counter{compiled.model, {flats, street}};
  run_watched(compiled, counter);
  CHECK(counter.matching() > 0);
  CHECK(counter.matching() < counter.clients());
  for (const StoryLength& one : counter.longest(1000)) {
    StoryKeeper keeper{compiled.model, one.number};
    run_watched(compiled, keeper);
    std::set<std::uint32_t> places;
    for (const StoryRecord& record : keeper.records())
      if (record.what == StoryRecord::What::moved) places.insert(record.to.index());
    CHECK((places.contains(flats) && places.contains(street)));
  }
}

TEST_CASE("who was there at the start is told from who came") {
  const Compiled compiled = town();
  StoryKeeper first{compiled.model, 1}, later{compiled.model, 40};
  run_watched(compiled, first);
  run_watched(compiled, later);
  REQUIRE(!first.records().empty());
  REQUIRE(!later.records().empty());
  CHECK_FALSE(first.records().front().new_client);
  CHECK(later.records().front().new_client);
}
