#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "analysis/story.hpp"

// What happened to a sample of clients, as an event log for process mining.
namespace tl {

/// Keeps all that happens to some clients.
class SampleKeeper : public Watcher {
 public:
  /// @param numbers  of the clients, from 1 in order of coming
  SampleKeeper(const CompiledModel& model, const std::vector<std::uint32_t>& numbers);
  void entered(std::uint32_t number, const ClientKey& key, SimTime at) override;
  void moved(std::uint32_t number, SettingId from, SettingId to, SimTime at) override;
  void left(std::uint32_t number, ReasonId reason, SimTime at) override;
  void told(const Story& story) override;
  /// Those who came, in order.
  std::map<std::uint32_t, std::vector<StoryRecord>> records() const;

 private:
  std::map<std::uint32_t, StoryKeeper> keepers_;
};

/// `most` of `clients`, evenly through their order of coming; all where there are no more.
std::vector<std::uint32_t> sample_of(std::uint32_t clients, std::uint32_t most);

/// One step of one client. Names of activities and transitions are those of XES.
struct LogEvent {
  SimTime at;
  std::string activity;  ///< "Acute ward", "crisis", "left: recovered"
  std::string
      transition;     ///< of the standard life cycle: schedule, assign, start, complete, suspend, resume, withdraw …
  std::string kind;   ///< as `throughline trace --format csv` names it
  std::string place;  ///< id of the setting it is about; empty = none
};
/// Being somewhere begins with `start` and ends with `complete`; asking is `schedule`, being granted `assign`, giving
/// up `withdraw`; what has no length is `complete`.
/// @param records  of one client, in order
std::vector<LogEvent> log_events(const std::vector<StoryRecord>& records, const Compiled& compiled);

/// One client of one scenario.
struct LogCase {
  std::string scenario;
  std::uint32_t replication = 0, number = 0;
  bool was_there = false;  ///< at the start of the run
  const Compiled* compiled = nullptr;
  std::vector<LogEvent> events;
  std::string id() const;  ///< "baseline-0-17": no two are equal
};

/// One line an event: case, scenario, replication, client, activity, transition, time, kind, place.
std::string to_csv(const std::vector<LogCase>& cases);
/// XES 1.0 with the extensions concept, time and lifecycle. Times are civil times of the model, written as UTC.
/// @source  IEEE 1849-2016, eXtensible Event Stream
std::string to_xes(const std::vector<LogCase>& cases, const std::string& study);

}  // namespace tl
