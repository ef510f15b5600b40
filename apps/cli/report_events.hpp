#pragma once
#include <cstdint>
#include <string>

#include "analysis/results_file.hpp"

namespace tl {

/// The event log of a sample of clients: the first replication of every scenario is run again from the model and study
/// that results.h5 holds, with the seed it holds. Before that, each scenario's digest is compared with the stored one,
/// so that what is told is of the clients of these results.
/// @param folder  of the results: its study.json says what the command line of `run` said
/// @param clients  of each scenario
/// @param path  decides the form: NAME.xes is XES, all else CSV
/// @throws QueryError  when the model cannot be made again as it was, with the reason
std::string event_log(const StudyResults& study, const std::string& folder, std::uint32_t clients,
                      const std::string& path);

}  // namespace tl
