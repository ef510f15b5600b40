#include "analysis/brief_canvas.hpp"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <cmath>

#include "analysis/plain_text.hpp"
#include "analysis/store_error.hpp"
#include "sim/expects.hpp"

namespace tl::print {
namespace {

constexpr const char* kFont = "Inter";
/// A file says when it was made; so that equal results are equal bytes, always the same instant.
constexpr const char* kMadeAt = "2000-01-01T00:00:00Z";

struct Type {
  double size = 10.0;  ///< points
  PangoWeight weight = PANGO_WEIGHT_NORMAL;
  std::uint32_t colour = kInk;
  double leading = 1.32;  ///< from line to line, of the size
};
Type type_of(Style style) {
  switch (style) {
    case Style::eyebrow:
      return {8.5, PANGO_WEIGHT_MEDIUM, kDeep};
    case Style::headline:
      return {21.0, PANGO_WEIGHT_SEMIBOLD, kInk, 1.2};
    case Style::heading:
      return {13.5, PANGO_WEIGHT_SEMIBOLD, kInk, 1.25};
    case Style::lede:
      return {11.0, PANGO_WEIGHT_NORMAL, kInk, 1.42};
    case Style::body:
      return {9.5, PANGO_WEIGHT_NORMAL, kInk, 1.42};
    case Style::caption:
      return {8.5, PANGO_WEIGHT_NORMAL, kSoft, 1.35};
    case Style::label:
      return {8.0, PANGO_WEIGHT_MEDIUM, kSoft, 1.3};
    case Style::cell:
      return {8.5, PANGO_WEIGHT_NORMAL, kInk, 1.3};
    case Style::strong_cell:
      return {8.5, PANGO_WEIGHT_SEMIBOLD, kDeep, 1.3};
    case Style::weak_cell:
      return {8.5, PANGO_WEIGHT_MEDIUM, kWeak, 1.3};
    case Style::figure:
      return {25.0, PANGO_WEIGHT_SEMIBOLD, kDeep, 1.15};
    case Style::long_figure:
      return {17.0, PANGO_WEIGHT_SEMIBOLD, kDeep, 1.69};  // as high as a figure
    case Style::axis:
      return {7.5, PANGO_WEIGHT_NORMAL, kSoft, 1.2};
    case Style::footer:
      break;
  }
  return {7.0, PANGO_WEIGHT_NORMAL, kSoft, 1.3};
}

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Object = std::unique_ptr<T, Unref>;

struct FreeFont {
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
};
using Font = std::unique_ptr<PangoFontDescription, FreeFont>;

Font font_of(const Type& type) {
  Font font{pango_font_description_new()};
  pango_font_description_set_family(font.get(), kFont);
  pango_font_description_set_weight(font.get(), type.weight);
  pango_font_description_set_absolute_size(font.get(), type.size * PANGO_SCALE);
  return font;
}

cairo_status_t append_to(void* bytes, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS)
    throw StoreError{std::string{"cannot draw the brief: "} + cairo_status_to_string(status)};
}

double points(int pango_units) {
  return static_cast<double>(pango_units) / PANGO_SCALE;
}

}  // namespace

struct Paper::Drawing {
  std::string bytes;
  cairo_surface_t* surface = nullptr;
  cairo_t* cairo = nullptr;
  Object<PangoFontMap> fonts;
  Object<PangoContext> context;

  ~Drawing() {
    if (cairo != nullptr) cairo_destroy(cairo);
    if (surface != nullptr) cairo_surface_destroy(surface);
  }

  void colour(std::uint32_t rgb, double opacity = 1.0) const {
    const auto part = [&](unsigned shift) { return static_cast<double>((rgb >> shift) & 0xFFU) / 255.0; };
    cairo_set_source_rgba(cairo, part(16), part(8), part(0), opacity);
  }

  Object<PangoLayout> layout(const Box& box, std::string_view text, Style style) const {
    const Type type = type_of(style);
    Object<PangoLayout> layout{pango_layout_new(context.get())};
    const Font font = font_of(type);
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_width(layout.get(), static_cast<int>(std::ceil(box.width * PANGO_SCALE)));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_line_spacing(layout.get(), static_cast<float>(type.leading / 1.21));  // the font's own is 1.21
    pango_layout_set_alignment(layout.get(), box.align == Align::left    ? PANGO_ALIGN_LEFT
                                             : box.align == Align::right ? PANGO_ALIGN_RIGHT
                                                                         : PANGO_ALIGN_CENTER);
    if (box.most_lines > 0) {
      pango_layout_set_height(layout.get(), -box.most_lines);
      pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    }
    PangoAttrList* attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_font_features_new("tnum=1"));  // figures of one width
    pango_layout_set_attributes(layout.get(), attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
    return layout;
  }
};

namespace {

void describe(cairo_surface_t* surface, const About& about) {
  const auto set = [&](cairo_pdf_metadata_t what, const std::string& text) {
    cairo_pdf_surface_set_metadata(surface, what, plain_line(text).c_str());
  };
  set(CAIRO_PDF_METADATA_TITLE, about.title);
  set(CAIRO_PDF_METADATA_AUTHOR, about.author);
  set(CAIRO_PDF_METADATA_SUBJECT, about.subject);
  set(CAIRO_PDF_METADATA_KEYWORDS, about.keywords);
  set(CAIRO_PDF_METADATA_CREATOR, about.author);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, kMadeAt);
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, kMadeAt);
}

/// What fontconfig gives for the font we ask for; empty where it is that one.
std::string font_instead(PangoFontMap* fonts, PangoContext* context) {
  const Font wanted = font_of(type_of(Style::body));
  const Object<PangoFont> found{pango_font_map_load_font(fonts, context, wanted.get())};
  if (!found) return "no font at all";
  const Font described{pango_font_describe(found.get())};
  const std::string family = pango_font_description_get_family(described.get());
  return family.find(kFont) == std::string::npos ? family : "";
}

}  // namespace

Paper::Paper(const About& about) : drawing_{std::make_unique<Drawing>()} {
  Drawing& d = *drawing_;
  d.surface = cairo_pdf_surface_create_for_stream(&append_to, &d.bytes, kPageWidth, kPageHeight);
  check(cairo_surface_status(d.surface));
  cairo_pdf_surface_restrict_to_version(d.surface, CAIRO_PDF_VERSION_1_5);
  describe(d.surface, about);
  d.cairo = cairo_create(d.surface);
  check(cairo_status(d.cairo));
  d.fonts.reset(pango_cairo_font_map_new());
  d.context.reset(pango_font_map_create_context(d.fonts.get()));
  pango_cairo_context_set_resolution(d.context.get(), 72.0);
  // Letters stand where the font wants them, not on a screen's dots.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(d.context.get(), options);
  cairo_font_options_destroy(options);
  pango_context_set_round_glyph_positions(d.context.get(), FALSE);
  if (const std::string other = font_instead(d.fonts.get(), d.context.get()); !other.empty())
    warning_ = std::string{"the font "} + kFont + " is not installed; the brief is set in " + other +
               " and may look uneven. On Debian: apt-get install fonts-inter";
  cairo_tag_begin(d.cairo, "Document", nullptr);  // without it readers take the file for untagged
}

Paper::~Paper() = default;

void Paper::begin_page(const std::string& words) {
  if (pages_ > 0) cairo_show_page(drawing_->cairo);
  ++pages_;
  bookmark(words, 0.0);
}

std::string Paper::bytes() {
  Drawing& d = *drawing_;
  cairo_tag_end(d.cairo, "Document");
  cairo_show_page(d.cairo);
  check(cairo_status(d.cairo));
  cairo_surface_finish(d.surface);
  check(cairo_surface_status(d.surface));
  return std::move(d.bytes);
}

double Paper::text(const Box& box, std::string_view text, Style style, Tag tag, std::uint32_t colour) {
  const std::string line = plain_line(text);
  const Drawing& d = *drawing_;
  const Object<PangoLayout> layout = d.layout(box, line, style);
  d.colour(colour == kNoColour ? type_of(style).colour : colour);
  cairo_tag_begin(d.cairo, tag, nullptr);
  cairo_move_to(d.cairo, box.x, box.y);
  pango_cairo_show_layout(d.cairo, layout.get());
  cairo_tag_end(d.cairo, tag);
  told_.push_back({pages_, style, line});
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  return points(height);
}

double Paper::height_of(const Box& box, std::string_view text, Style style) const {
  const Object<PangoLayout> layout = drawing_->layout(box, plain_line(text), style);
  int height = 0;
  pango_layout_get_size(layout.get(), nullptr, &height);
  return points(height);
}

double Paper::width_of(std::string_view text, Style style) const {
  constexpr double kWide = 10'000.0;
  const Object<PangoLayout> layout = drawing_->layout({.width = kWide}, plain_line(text), style);
  int width = 0;
  pango_layout_get_size(layout.get(), &width, nullptr);
  return points(width);
}

void Paper::rectangle(Point at, double width, double height, std::uint32_t colour) {
  drawing_->colour(colour);
  cairo_new_path(drawing_->cairo);
  cairo_rectangle(drawing_->cairo, at.x, at.y, width, height);
  cairo_fill(drawing_->cairo);
}

namespace {

void trace(cairo_t* cairo, const std::vector<Point>& points) {
  cairo_new_path(cairo);  // a text leaves its place as a point
  for (const Point& point : points) cairo_line_to(cairo, point.x, point.y);
}

}  // namespace

void Paper::line(const std::vector<Point>& points, std::uint32_t colour, double width, bool dashed) {
  if (points.size() < 2) return;
  cairo_t* cairo = drawing_->cairo;
  drawing_->colour(colour);
  constexpr double kDashes[] = {4.0, 3.0};
  cairo_set_dash(cairo, kDashes, dashed ? 2 : 0, 0.0);
  cairo_set_line_width(cairo, width);
  cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
  trace(cairo, points);
  cairo_stroke(cairo);
  cairo_set_dash(cairo, nullptr, 0, 0.0);
}

void Paper::area(const std::vector<Point>& points, std::uint32_t colour, double opacity) {
  if (points.size() < 3) return;
  drawing_->colour(colour, opacity);
  trace(drawing_->cairo, points);
  cairo_close_path(drawing_->cairo);
  cairo_fill(drawing_->cairo);
}

void Paper::begin(Tag tag) {
  cairo_tag_begin(drawing_->cairo, tag, nullptr);
}

void Paper::end(Tag tag) {
  cairo_tag_end(drawing_->cairo, tag);
}

void Paper::bookmark(const std::string& words, double y) {
  const std::string where = "page=" + std::to_string(pages_) + " pos=[0 " + std::to_string(std::lround(y)) + "]";
  cairo_pdf_surface_add_outline(drawing_->surface, CAIRO_PDF_OUTLINE_ROOT, plain_line(words).c_str(), where.c_str(),
                                CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

}  // namespace tl::print
