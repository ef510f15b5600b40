/* Built with -ffast-math: being loaded is enough to make very small numbers zero in the whole process. */
double half_of(double value) { return value / 2.0; }
