#pragma once
#include <cstdint>
#include <filesystem>
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
/// `set` replaces the field's value, whatever it is; `scale` multiplies a number, `add` adds to it (base, dated and
/// vary values alike). A distribution is scaled or shifted in time as a whole (`settings.psh.stay`) or by one of its
/// numbers (`settings.psh.stay.mean`). `scale` of `arrivals.ID.rate` adds or removes clients and shifts none. The share
/// of a route (`routes.ID.share`; a route without the field `id` is called `from>to`, a further one `from>to#2`) takes
/// from, or gives to, the setting's `otherwise` route, or else all its other routes in proportion.
struct Change {
  enum class Kind : std::uint8_t { set, scale, add };
  Kind kind = Kind::set;
  std::string path;  ///< `table.row.field[.field]` or `parameters.id`
  Cell value;        ///< as written in the study
  Place at;          ///< where the change stands
};

/// Builds the model from rows already read, under a scenario's changes in their order: one read serves many scenarios.
/// An unknown address is an error at the change's place, with the nearest one that exists.
std::optional<Model> build_model(const Document& document, std::span<const Change> changes, const ReadOptions& options,
                                 Problems& problems);

}  // namespace tl
