#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "sim/simulation.hpp"

// One client's way through a replication, in words. A replication is watched twice: first to count how much happens to
// whom, which takes 16 bytes a client; then to keep all that happens to the one who was chosen.
namespace tl {

/// How much happened to a client.
struct StoryLength {
  std::uint32_t number = 0;  ///< of the client, from 1 in order of coming
  std::uint32_t moves = 0;   ///< from place to place, the first included
  std::uint32_t places = 0;  ///< different ones (of more than 64 settings, those 64 rows apart count as one)
};

/// Counts, for every client, the moves and the places, and who went through certain settings.
class StoryCounter : public Watcher {
 public:
  /// @param through  settings, at most 32; lines are not passed through
  StoryCounter(const CompiledModel& model, std::vector<std::uint32_t> through);
  void entered(std::uint32_t number, const ClientKey& key, SimTime at) override;
  void moved(std::uint32_t number, SettingId from, SettingId to, SimTime at) override;
  void told(const Story& story) override;

  std::uint32_t clients() const { return static_cast<std::uint32_t>(counts_.size()); }
  /// @param number  1 … clients()
  StoryLength length_of(std::uint32_t number) const;
  /// Those who went through all the settings asked for: by places, most first; then by moves, fewest first (a long
  /// story that does not go in circles); then by number. At most `most` of them.
  std::vector<StoryLength> longest(std::size_t most) const;
  /// How many went through all the settings asked for.
  std::size_t matching() const;

 private:
  struct Count {
    std::uint64_t places = 0;
    std::uint32_t moves = 0, passed = 0;
  };
  Count& of(std::uint32_t number);
  void pass(Count& count, std::uint32_t setting) const;
  bool matches(const Count& count) const { return count.passed == wanted_; }

  const CompiledModel& model_;
  std::vector<std::uint32_t> through_;
  std::uint32_t wanted_ = 0;
  std::vector<Count> counts_;  ///< by number - 1
};

/// One thing that happened.
struct StoryRecord {
  enum class What : std::uint8_t { came, moved, left, told } what{};
  SimTime at;
  bool new_client = true;  ///< came: false where the client was there at the start
  SettingId from, to;      ///< moved
  ReasonId reason;         ///< left
  Story story;             ///< told
};

/// Keeps all that happens to one client.
class StoryKeeper : public Watcher {
 public:
  StoryKeeper(const CompiledModel& model, std::uint32_t number) : model_{model}, number_{number} {}
  void entered(std::uint32_t number, const ClientKey& key, SimTime at) override;
  void moved(std::uint32_t number, SettingId from, SettingId to, SimTime at) override;
  void left(std::uint32_t number, ReasonId reason, SimTime at) override;
  void told(const Story& story) override;
  const std::vector<StoryRecord>& records() const { return records_; }
  std::uint32_t clients() const { return clients_; }  ///< who came in all

 private:
  const CompiledModel& model_;
  std::uint32_t number_, clients_ = 0;
  std::vector<StoryRecord> records_;
};

/// "2021-03-04 14:10", civil, of an instant of the run. @param seconds  also those
std::string civil_time(const Compiled& compiled, SimTime at, bool seconds = false);

/// A length in the unit that suits it: "25 min", "19 h", "4.3 d", "2.5 y".
std::string length_words(SimTime length);

/// One instant of a story in a sentence.
struct StoryLine {
  SimTime at;
  std::string words;
};
/// What happened at one instant becomes one line for each move, with what led to it in brackets.
/// @param records  of one client, in order
std::vector<StoryLine> story_lines(const std::vector<StoryRecord>& records, const Compiled& compiled);

/// One record by itself, for a table: what kind it is, whom or what it is about (an id, or empty), and in words.
struct StoryCells {
  std::string kind, subject, words;
  SimTime length;  ///< 0 where there is none
};
StoryCells story_cells(const StoryRecord& record, const Compiled& compiled);

/// The sum of a story, one sentence a line: days in each place, waits, programs, what happened how often.
std::vector<std::string> story_sum(const std::vector<StoryRecord>& records, const Compiled& compiled);

}  // namespace tl
