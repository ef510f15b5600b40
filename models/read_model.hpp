#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "models/limits.hpp"
#include "models/model.hpp"
#include "models/problem.hpp"
#include "models/rows.hpp"

// The stage "read -> check": neutral rows become the typed model, with every problem found in one go.
namespace tl {

struct ReadOptions {
  Limits limits;
};

/// Reads and checks a model folder or a `.toml` file.
/// @return nullopt when there are errors; warnings are in `problems` too
std::optional<Model> read_model(const std::filesystem::path& path, const ReadOptions& options, Problems& problems);

/// The same from memory: one TOML text that holds all tables; places say `file_name`.
std::optional<Model> read_model_text(std::string_view toml, std::string file_name, const ReadOptions& options,
                                     Problems& problems);

/// One change a scenario makes to a model's rows.
///
/// On one number, whoever changes it and however the changes stand: the last `set`, then every `scale` (multiplies it),
/// then every `add`; base, dated and vary values alike. A distribution is scaled or shifted in time as a whole
/// (`settings.psh.stay`) or by one of its numbers (`settings.psh.stay.mean`). `scale` of `arrivals.ID.rate` adds or
/// removes clients and shifts none. The share of a route (`routes.ID.share`; a route without the field `id` is called
/// `from>to`, a further one `from>to#2`) takes from, or gives to, the setting's `otherwise` route, or else all its
/// routes that are not changed in proportion. A parameter starts from its formula with the others' changes.
///
/// `levers.ID`, always `set`, is the strength from 0 to 1 of a lever: its changes join the others. A `set` goes that
/// part of the way to its value, a `scale` counts to the power of the strength, an `add` times the strength.
/// `levers.ID.starts` and `levers.ID.ramp` stand instead of the lever's own.
struct Change {
  enum class Kind : std::uint8_t { set, scale, add };
  Kind kind = Kind::set;
  std::string path;  ///< `table.row.field[.field]`, `parameters.id` or `levers.id`
  Cell value;        ///< as written in the study
  Place at;          ///< where the change stands
};

/// A model's rows made ready: what all its scenarios share is done once, so that a further one costs little.
class ReadyModel {
 public:
  /// Notes what is wrong with the rows as far as no scenario can mend it.
  ReadyModel(const Document& document, const ReadOptions& options, Problems& problems);
  ~ReadyModel();
  ReadyModel(ReadyModel&&) noexcept;
  ReadyModel& operator=(ReadyModel&&) noexcept;

  /// The model under a scenario's changes. Changes of levers come before the scenario's own. An unknown address is an
  /// error at the change's place, with the nearest one that exists.
  std::optional<Model> build(std::span<const Change> changes, Problems& problems) const;

 private:
  void settle_part(std::span<const Change> changes, Model& model, Problems& problems) const;

  struct Parts;
  std::unique_ptr<const Parts> parts_;
};

/// The same for one scenario.
std::optional<Model> build_model(const Document& document, std::span<const Change> changes, const ReadOptions& options,
                                 Problems& problems);

}  // namespace tl
