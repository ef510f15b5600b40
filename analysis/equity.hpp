#pragma once
#include <string>
#include <vector>

#include "analysis/suppression.hpp"
#include "analysis/tables.hpp"

// Results by group: every measure of clients by the values of a trait, the gaps between groups, and what is kept back.
namespace tl {

/// What is wanted beyond TableQuery. Lists that are empty mean all.
struct EquityQuery {
  TableQuery rows;              ///< `table` equity lists the named metrics; another table lists its own lines
  std::vector<std::string> by;  ///< traits
  std::string reference;        ///< the value that groups are compared with; empty = the largest group of each trait
  bool internal = false;        ///< small counts too: not to be given to the public
};

/// One group's number, or everybody's.
struct EquityRow {
  std::string scenario, scenario_name, metric, measure, words, scope, subject, subject_name, when, good;
  std::string trait, group;  ///< group is empty for everybody
  std::string unit;          ///< of `value`
  Estimate value;            ///< the measure itself, of the group's clients
  std::string compared_unit;
  Estimate compared;  ///< as groups are compared by it; with `versus` its paired change
  bool is_reference = false;
  Estimate difference;  ///< compared, less that of the reference group; with `versus` the change of that gap
  Estimate ratio;       ///< compared over that of the reference group; with `versus` the change as a factor
  Shown shown = Shown::shown;
};

struct EquityTable {
  std::string versus, versus_name;
  double confidence = 0.95;
  bool internal = false;
  std::vector<std::pair<std::string, std::string>> references;  ///< trait, group
  std::vector<EquityRow> rows;  ///< by measure and subject, trait, time, scenario, group
  std::uint64_t seed = 0;
  std::string program_version, engine_version;
  std::vector<std::string> notes;
};

/// @throws QueryError  where the results are not by group, or something is asked for that is not there
EquityTable make_equity_table(const StudyResults& study, const EquityQuery& query);

/// What the other tables would call it: measure, scope and words, without values.
ResultRow as_row(const EquityRow& row);

/// Why a cell is left out: "suppressed: a count under 11"; empty where it is shown.
std::string suppression_words(Shown shown);

std::string to_text(const EquityTable& table);
std::string to_csv(const EquityTable& table);
std::string to_json(const EquityTable& table);

}  // namespace tl
