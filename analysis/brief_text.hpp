#pragma once
#include <string>
#include <vector>

#include "analysis/finding.hpp"
#include "analysis/results_file.hpp"
#include "analysis/table_shelf.hpp"

// The sentences of the brief. Short words, short sentences, and nothing that the numbers do not say.
namespace tl::brief {

/// What the brief is about, taken out of the results once.
struct Facts {
  const StudyResults& study;
  double confidence = 0.95;
  std::vector<std::string> names;               ///< of the scenarios, for people
  std::size_t chosen = 0;                       ///< the scenario it leads with; 0 where there is only one
  std::vector<MetricWords> metrics;             ///< the lead first
  std::vector<std::vector<ResultRow>> rows;     ///< [metric][scenario]
  std::vector<std::vector<ResultRow>> changes;  ///< [metric][scenario - 1], against the first
  std::vector<Finding> findings;
  TableShelf tables;

  bool compares() const { return study.scenarios.size() > 1; }
  const Catalogue& words() const { return study.scenarios.front().words; }
};
Facts facts_of(const StudyResults& study, double confidence);

std::string headline(const Facts& facts);
/// The finding itself, and what else a reader must know at once: few runs, other scenarios.
std::vector<std::string> lead_sentences(const Facts& facts);
/// "3 years", of the time that results are told of.
std::string horizon_words(const Catalogue& words);
std::string chart_caption(bool has_limit, bool is_usable, bool has_two, std::size_t runs);
std::string comparison_note(const Facts& facts);
std::string level_note();
std::string money_note(const Facts& facts);
std::string staff_note(const Facts& facts);
std::string equity_note(const Facts& facts);
/// What the brief cannot tell, each a paragraph.
std::vector<std::string> limits(const Facts& facts);
std::string assumptions_note(const Facts& facts, std::size_t not_shown);

}  // namespace tl::brief
