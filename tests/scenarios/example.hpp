#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/compile.hpp"
#include "sim/result.hpp"
#include "sim/simulation.hpp"

// The small models of models/examples: run as they stand, or with a few words replaced, and held against exact results.
namespace tl::testing {

/// Words of an example's text that a test replaces; they stand in it exactly once.
struct Edit {
  std::string from, to;
};

/// Every result of some replications of one of models/examples, from seed 1.
class Example {
 public:
  /// @param name   the file's name without `.toml`, or the folder's
  /// @param edits  made to the text first
  /// @throws std::runtime_error  when the model is refused, or an edit does not fit
  explicit Example(const std::string& name, const std::vector<Edit>& edits = {});

  void run(std::uint32_t replications);

  /// Checks a quantity: the sum of `top` over the sum of `bottom` (see value_of) against its exact value, with a false
  /// alarm of one in a million; fails too where an error of the share `catches` would not be seen with power 0.999.
  void check(const std::string& words, const std::string& top, const std::string& bottom, double exact, double catches);
  /// A quantity that must come out exactly, in every replication.
  void check_same(const std::string& words, const std::string& top, double exact);
  /// Each quantity checked so far stands in docs/guide/NAME.md as a row `| words | exact | in a run |`, rightly. With
  /// TL_UPDATE_DOCS set the rows are written first.
  void check_page() const;

  /// What happened to the clients of replication 0, a line each in order of time: "12.5 2 street>homes", "30 2
  /// homes>leave:done", "0 1 >street" (day, client from 1 in order of coming, move). Lines of waiting have no name.
  std::vector<std::string> moves() const;
  /// Replication 0 with a watcher of one's own.
  void watch(Watcher& watcher) const;

  /// "SETTING.SUM", "model.SUM", "reason.NAME", "outcome.ID", "event.ID" (timers too), "milestone.ID.SUM",
  /// "policy.ID.SUM", "staff.POOL.SUM", "cost.ID", "observed.SETTING.ROW" (row of the instants), "days" (length of the
  /// results), "runs" (1), a number, or several with " + " or " - " between.
  double value_of(const std::string& text, const ReplicationResult& result) const;
  /// Sum over the replications.
  double total(const std::string& text) const;

  const Compiled& compiled() const { return compiled_; }
  const std::vector<ReplicationResult>& results() const { return results_; }

 private:
  struct Checked {
    std::string words;
    double exact = 0.0, ours = 0.0, allowed = 0.0;
  };
  void write_rows() const;
  double term(const std::string& text, const ReplicationResult& result) const;

  std::string name_;
  Compiled compiled_;
  std::vector<ReplicationResult> results_;
  std::vector<Checked> checked_;
};

/// All that two runs left behind is the same to the last bit, but for how much work the engine had.
bool are_same(const std::vector<ReplicationResult>& a, const std::vector<ReplicationResult>& b);

/// Path of an example below models/examples; text of a file of the project.
std::string example_path(const std::string& name);
std::string text_of_source(const std::string& file);

}  // namespace tl::testing
