#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "models/messages.hpp"

namespace tl {

/// Where something stands in the planner's files. Lines and columns count from 1, columns in characters (code points);
/// 0 means the file as a whole.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  friend bool operator==(const Place&, const Place&) = default;
};

enum class Severity { error, warning, note };

/// One thing to tell the planner.
struct Problem {
  Place at;
  Severity severity = Severity::error;
  Code code;
  std::string field;  ///< path of the field, as `settings.psh.stay`; empty when no field is meant
  std::string what;   ///< what is wrong
  std::string why;    ///< the rule that is broken; may be empty
  std::string hint;   ///< what to try; may be empty
};

/// "file:line:column: field: what (why). hint", which editors can jump to; warnings and notes say so after the place.
std::string to_text(const Problem& problem);

/// A planner's text for a message: in quotes, shortened, control characters and marks of direction made visible.
std::string in_quotes(std::string_view text);

/// Collects everything that is wrong, so that one `check` shows it all.
///
/// Two problems with one place, code and wording are one. At most `most` of each severity are kept, the rest counted.
class Problems {
 public:
  explicit Problems(std::size_t most = 1000) : most_{most} {}

  void add(Problem problem);
  void error(Place at, Code code, std::string field, std::string what, std::string why = "", std::string hint = "");
  void warning(Place at, Code code, std::string field, std::string what, std::string why = "", std::string hint = "");
  void note(Place at, Code code, std::string field, std::string what, std::string why = "", std::string hint = "");

  /// Tells the order of the files, which is the order of the messages; a file not told comes after, as first met.
  void file_read(const std::string& file);

  bool has_errors() const { return errors_ > 0; }
  bool empty() const { return kept_.empty(); }
  /// Number of errors, those not kept included.
  std::size_t error_count() const { return errors_; }
  std::size_t left_out() const { return left_out_; }

  /// All that were kept: by file in the order read, then line, then column, then as found.
  std::vector<Problem> sorted() const;

 private:
  std::size_t rank_of(const std::string& file) const;

  std::size_t most_;
  std::size_t errors_ = 0;
  std::size_t left_out_ = 0;
  std::vector<std::size_t> kept_of_severity_ = std::vector<std::size_t>(3, 0);
  std::vector<std::string> files_;
  std::vector<Problem> kept_;
};

/// One line a problem, and "and N more" where some were left out.
std::string to_text(const Problems& problems);

}  // namespace tl
