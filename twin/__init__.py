"""The district twin without a window: values, network, assessment, report."""
