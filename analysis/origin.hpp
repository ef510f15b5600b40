#pragma once
#include <filesystem>
#include <optional>
#include <string>

#include "scenarios/plan.hpp"
#include "scenarios/runner.hpp"

namespace tl {

/// DIR/study.json: what was asked for when the folder was made, so that `merge` can build the same plan again.
struct Origin {
  std::string study;     ///< the path as given
  std::string absolute;  ///< the same from the root
  PlanOptions options;
  std::optional<Part> part;
  std::string rows;  ///< of the points of a sweep and the draws of parameters: the first 12 digits of each digest
};

/// Of a study given as `path`, which was planned so.
Origin origin_of(const std::string& path, const PlanOptions& options, const std::optional<Part>& part,
                 const Plan& plan);

std::string to_json(const Origin& origin);
/// @param from  named in messages
/// @throws StoreError  when it is no such file
Origin origin_from_json(const std::string& text, const std::filesystem::path& from);

/// The folder's study.json; none when there is none.
std::optional<Origin> read_origin(const std::filesystem::path& folder);
/// Writes it when it is not there as it is.
void publish_origin(const std::filesystem::path& folder, const Origin& origin);

/// What was asked for in two folders of one study must be the same: in words what is not, empty when all is.
/// Where the study lies and which part it is do not matter.
std::string difference(const Origin& one, const Origin& other);

/// The points and draws that a folder was run with must be the plan's: in words which are not, empty when all are.
std::string changed_rows(const Origin& origin, const Plan& plan);

}  // namespace tl
