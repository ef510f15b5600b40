#pragma once
#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "models/number_log.hpp"
#include "models/read_context.hpp"
#include "models/touched_rows.hpp"

// One reading of all rows of a model, and further ones of those that levers with dates or policies reach.
namespace tl::reading {

/// What is read.
struct Source {
  const Document& document;
  const ParameterTable& parameters;
  const Limits& limits;
};

/// What a reading of all rows leaves.
struct Reading {
  Model model;
  KnownIds ids;
  std::vector<std::vector<LeverChange>> policy_changes;  ///< by policy
  std::set<std::size_t> felt;                            ///< rows of the steps that made a difference
};

/// Reads and checks all rows with every step at its strength.
/// @param log  keeps or replaces the numbers; nullptr = neither
/// @returns nullopt when there are errors
std::optional<Reading> read_whole(const Source& source, const std::vector<Step>& steps, NumberLog* log,
                                  Problems& problems);

/// Gives the steps with dates these strengths, by `timing`; empty: they do nothing.
void set_strengths(std::vector<Step>& steps, const std::vector<double>& strengths);

/// Reads a model again and again under other strengths: only the rows that can differ. Where those cannot be read by
/// themselves as they are read among all others, all rows are read each time.
class PartReader {
 public:
  /// @param steps  all that acts on the model, those with dates at strength 0, those of a policy last
  /// @param whole  the model under `steps` without those of a policy, with its numbers; both outlive this
  PartReader(const Source& source, std::vector<Step> steps, Reading& whole,
             const std::vector<NumberLog::Entry>& numbers);

  /// The numbers under each set of strengths.
  /// @param felt  gets the rows of the steps that made a difference under the last
  /// @returns nullopt, with the errors noted, when something is wrong
  std::optional<std::vector<NumberLog>> read(const std::vector<std::vector<double>>& strengths,
                                             std::set<std::size_t>& felt, Problems& problems);

  /// Whether only a part of the rows is read each time.
  bool reads_a_part() const { return is_part_; }

  /// All numbers of the model: those that were read, or joined from it, in their places among `whole`.
  std::vector<NumberLog::Entry> in_whole(std::vector<NumberLog::Entry> whole, std::vector<NumberLog::Entry> read) const;

 private:
  bool read_rows(const std::vector<Step>& steps, NumberLog& log, std::set<std::size_t>& felt, Problems& problems);
  const ParameterTable& parameters_under(const std::vector<Step>& steps, std::set<const Step*>& felt,
                                         Problems& problems);
  void find_places();
  bool is_the_part(const NumberLog& log) const;

  Source source_;
  std::vector<Step> steps_;  ///< all
  Reading& whole_;
  const std::vector<NumberLog::Entry>& numbers_;
  TouchedRows touched_;
  bool is_part_ = true;
  std::vector<SettingSpec> settings_;  ///< of the last reading: to make them anew would cost more than to read
  std::vector<std::size_t> places_;    ///< of the part's numbers among all
  std::optional<ChangedParameters> parameters_;
  std::vector<double> parameter_strengths_;  ///< under which `parameters_` were changed
  std::set<std::size_t> parameters_felt_;    ///< rows of `touched_.steps`
};

}  // namespace tl::reading
