#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "analysis/tables.hpp"

// Why did the queue grow? What the people waiting wait for, setting by setting, as parts that sum to all of them; and
// what came, went and was there meanwhile.
namespace tl {

/// Measures of the table `why`, all of one setting, in the order shown: all who wait, the parts, then the rest.
std::vector<std::string> why_measures();

/// A part of those waiting: its measure (an average number), and why it waits: "for want of a free place".
struct WaitingPart {
  std::string_view measure, words;
};
std::vector<WaitingPart> waiting_parts();

/// The settings whose queues are the longest, in any scenario: what is told where none is named.
std::vector<std::string> longest_queues(const StudyResults& study, std::size_t most);

/// The table in sentences, one paragraph for each setting, scenario and period.
std::string why_text(const ResultTable& table);

}  // namespace tl
