#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "analysis/folder_lock.hpp"
#include "analysis/origin.hpp"
#include "analysis/store.hpp"
#include "analysis/store_error.hpp"
#include "apps/cli/commands.hpp"
#include "apps/cli/grid.hpp"
#include "apps/cli/study_command.hpp"
#include "apps/cli/terminal.hpp"
#include "sim/simulation.hpp"

namespace tl {
namespace {

std::uint64_t runs_of(const Plan& plan) {
  std::uint64_t runs = 0;
  for (const RunBlock& block : plan.blocks) runs += block.count;
  return runs;
}

/// A folder that was given, and what was run in it.
struct PartFolder {
  std::string folder;
  Origin origin;
};

std::string name_of(const PartFolder& part) {
  const auto& number = part.origin.part;
  return number ? "part " + std::to_string(number->index) + " of " + std::to_string(number->count) + " (" +
                      part.folder + ")"
                : part.folder;
}

/// The command that carries a part out. @param folder  empty when it is not known
std::string command_of(const Origin& origin, const std::optional<Part>& part, const std::string& folder) {
  std::string text = "throughline run " + shell_word(origin.study);
  if (origin.options.replications) text += " --replications " + std::to_string(*origin.options.replications);
  if (origin.options.precision) text += " --precision " + shell_word(*origin.options.precision);
  if (origin.options.seed) text += " --seed " + std::to_string(*origin.options.seed);
  for (const std::string& scenario : origin.options.only) text += " --scenario " + shell_word(scenario);
  for (const std::string& change : origin.options.set) text += " --set " + shell_word(change);
  if (part) text += " --shard " + std::to_string(part->index) + '/' + std::to_string(part->count);
  return text + " -o " + (folder.empty() ? "FOLDER" : shell_word(folder));
}

std::vector<PartFolder> read_parts(const MergeRequest& request) {
  std::vector<PartFolder> parts;
  for (const std::string& folder : request.folders) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored))
      throw StoreError{"there is no folder " + folder + ". Name the folders given to throughline run --shard I/N -o"};
    std::optional<Origin> origin = read_origin(folder);
    if (!origin)
      throw StoreError{folder +
                       " was not made by throughline run: it has no study.json. Name the folders given to "
                       "throughline run --shard I/N -o"};
    if (!parts.empty())
      if (const std::string other = difference(parts.front().origin, *origin); !other.empty())
        throw StoreError{parts.front().folder + " and " + folder +
                         " are not parts of one study, they were run with "
                         "different options (" +
                         other + "). Merge only parts of one study"};
    parts.push_back({folder, std::move(*origin)});
  }
  return parts;
}

/// Where the study lies now: as said, else where it lay, else as it was given.
std::string study_path(const MergeRequest& request, const Origin& origin) {
  if (!request.study.empty()) return request.study;
  std::error_code ignored;
  // As it was given where that is the same file, so that the merged folder says what one run would have said.
  if (std::filesystem::equivalent(origin.study, origin.absolute, ignored)) return origin.study;
  if (std::filesystem::exists(origin.absolute, ignored)) return origin.absolute;
  if (std::filesystem::exists(origin.study, ignored)) return origin.study;
  throw StoreError{"the study is no longer at " + origin.absolute +
                   ". Say where it is: throughline merge ... --study FILE"};
}

bool is_same_folder(const std::string& one, const std::filesystem::path& other) {
  std::error_code ignored;
  return std::filesystem::equivalent(one, other, ignored);
}

void tell_foreign(const std::string& what, const PartFolder& part) {
  tell_error(what +
             ". The study or its model changed after that part was run, or is another one. Name the study it was run "
             "with (throughline merge ... --study FILE), or give the part's command again: " +
             command_of(part.origin, part.origin.part, part.folder));
}

/// All parts are of the points and draws that the study says now. @returns false when they are not, which was told
bool are_of_one_sweep(const std::vector<PartFolder>& parts, const Plan& plan) {
  bool good = true;
  for (const PartFolder& part : parts) {
    const std::string changed = changed_rows(part.origin, plan);
    if (changed.empty()) continue;
    good = false;
    tell_foreign("the results in " + part.folder + " are of other points or draws than the study says now: " + changed,
                 part);
  }
  return good;
}

/// @returns false when there was something to refuse, which was told
bool adopt_all(const std::vector<PartFolder>& parts, Store& store) {
  bool good = true;
  for (const PartFolder& part : parts) {
    if (is_same_folder(part.folder, store.folder())) continue;
    try {
      const FolderLock lock = FolderLock::to_read(part.folder);
      store.adopt(part.folder);
    } catch (const ForeignResults& error) {
      good = false;
      tell_foreign(error.what(), part);
    } catch (const DamagedFile& error) {
      good = false;
      tell_error(
          std::string{error.what()} + ". Give the command of " + name_of(part) +
          " again, which computes anew what is damaged: " + command_of(part.origin, part.origin.part, part.folder));
    } catch (const StoreError& error) {
      good = false;
      tell_error(error.what());
    }
  }
  return good;
}

/// Names what is not there. @returns false when something is missing
bool nothing_missing(const std::vector<PartFolder>& parts, const Store& store) {
  const std::uint64_t missing = store.missing();
  if (missing == 0) return true;
  const Origin& origin = parts.front().origin;
  const std::uint32_t count = origin.part ? origin.part->count : 0;
  for (std::uint32_t index = 1; index <= count; ++index) {
    const Part part{.index = index, .count = count};
    const std::uint64_t of_part = store.missing(blocks_of(store.plan(), part));
    if (of_part == 0) continue;
    const auto given = std::find_if(parts.begin(), parts.end(), [&](const PartFolder& one) {
      return one.origin.part && one.origin.part->index == index;
    });
    const bool is_given = given != parts.end();
    tell_error("part " + std::to_string(index) + " of " + std::to_string(count) +
               (is_given ? " (" + given->folder + ") is not finished: " : " was not given: ") +
               counted(of_part, "run is", "runs are") + " missing. " +
               (is_given ? "Give its command again: " : "Name its folder too, or give its command: ") +
               command_of(origin, part, is_given ? given->folder : ""));
  }
  if (count == 0) tell_error(counted(missing, "run is", "runs are") + " missing");
  return false;
}

}  // namespace

ExitCode run_merge(const MergeRequest& request) {
  const std::vector<PartFolder> parts = read_parts(request);
  const PlanOptions& options = parts.front().origin.options;
  const std::string study = study_path(request, parts.front().origin);
  const Limits limits;
  Problems problems;
  Plan plan;
  try {
    plan = read_checked_plan(study, options, by_pilots(options, 0, limits), limits, problems);
  } catch (const Stopped&) {
    tell("Stopped. Nothing was merged yet.");
    tell_next(request.again);
    return ExitCode::errors;
  }
  if (problems.has_errors()) return refuse_study(problems, study);
  const std::string next = "mend what the lines above say, then " + request.again;
  if (!are_of_one_sweep(parts, plan)) {
    tell_next(next);
    return ExitCode::errors;
  }
  const Origin origin = origin_of(study, options, std::nullopt, plan);
  Store store{request.output, plan};
  publish_origin(store.folder(), origin);
  for (const std::string& notice : store.notices()) tell_warning(notice);
  if (!adopt_all(parts, store)) {
    tell_next(next);
    return ExitCode::errors;
  }
  if (!nothing_missing(parts, store)) {
    tell("What is there is kept in " + request.output +
         ". The missing runs can also be computed there: " + command_of(origin, std::nullopt, request.output));
    tell_next(request.again + "  (when the parts are finished)");
    return ExitCode::errors;
  }
  tell(counted(runs_of(plan), "run", "runs") + " of " + counted(parts.size(), "part", "parts") + " are together.");
  publish_and_tell(store);
  return ExitCode::good;
}

}  // namespace tl
